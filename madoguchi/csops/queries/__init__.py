"""Reads of this room (統合端末の読取り)."""
