"""What a session may do; each one transaction (キオスクの処理)."""
