"""Pages of the advice: two secrets to decide, what to bring, what to see at the counter (画面)."""
