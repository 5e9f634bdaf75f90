"""Ledger files: cells in, bytes out (管理簿のファイル)."""
