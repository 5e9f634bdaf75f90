"""Writes of this room (統合端末の記録)."""
