"""Reads of the journeys (照会)."""
