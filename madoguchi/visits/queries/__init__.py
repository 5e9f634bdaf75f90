"""What this room reads (照会)."""
