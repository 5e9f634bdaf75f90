"""Reads of this room (予約・番号札の読取り)."""
