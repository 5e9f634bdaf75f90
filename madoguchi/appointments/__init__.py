"""Who comes when, and who waits now (予約・番号札)."""
