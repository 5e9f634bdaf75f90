"""Copies without their secret: read by the thousand, with leaks planted on purpose."""
