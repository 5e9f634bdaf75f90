"""What this room can be asked (照会)."""
