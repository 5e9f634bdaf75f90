"""Measured promises, one file each, beside their peers (計測)."""
