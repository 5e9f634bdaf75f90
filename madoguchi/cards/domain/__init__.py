"""Whose certificate: one card's two certificates and how long they are good (電子証明書)."""
