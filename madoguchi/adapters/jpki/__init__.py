"""Proof by a card's 利用者証明用電子証明書: chain, days, revocation, signature (公的個人認証)."""
