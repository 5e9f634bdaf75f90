"""Reads of the audit room: key, chain, lists, analyses (アクセス記録の照会)."""
