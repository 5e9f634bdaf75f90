"""What the figures are made of (照会)."""
