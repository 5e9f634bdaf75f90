"""Reads of this room; frozen rows only."""
