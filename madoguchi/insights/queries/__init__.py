"""Reads of the figures (照会)."""
