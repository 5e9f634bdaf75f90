"""What this room changes (書込み)."""
