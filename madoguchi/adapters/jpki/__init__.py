"""Proof of identity by the card’s own certificate (公的個人認証)."""
