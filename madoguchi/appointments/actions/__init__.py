"""Writes of this room (予約・番号札の記録)."""
