"""What changes the figures (処理)."""
