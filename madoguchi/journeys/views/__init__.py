"""Pages of the journeys (画面)."""
