"""What is read of sessions and terminals (キオスクの照会)."""
