"""Madoguchi: resident-desk software for a small Japanese town (窓口)."""
