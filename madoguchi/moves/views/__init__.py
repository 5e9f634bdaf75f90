"""Pages of the moves: before coming, at the counter, follow-ups (画面)."""
