"""Seal, merge, resolve, revoke (島の日の処理)."""
