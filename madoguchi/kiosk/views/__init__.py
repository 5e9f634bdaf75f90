"""Screens of the kiosk and the pages around it (キオスクの画面)."""
