"""What the room reads (送付先情報の照会)."""
