"""Persons, households, history, search (住民記録)."""
