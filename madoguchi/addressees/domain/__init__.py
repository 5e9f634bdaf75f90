"""Rules of the addressees: keys, comparison, decision; no I/O (送付先情報の決まり)."""
