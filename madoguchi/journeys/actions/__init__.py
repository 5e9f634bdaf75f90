"""What the desk does with maps (処理)."""
