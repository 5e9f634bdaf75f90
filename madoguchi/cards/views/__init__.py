"""Pages of the card line (カードの画面)."""
