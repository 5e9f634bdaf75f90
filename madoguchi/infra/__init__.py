"""Plumbing under every room: transactions, locks, clock, facts, files, queue (下回り)."""
