"""Pages of the figures (画面)."""
