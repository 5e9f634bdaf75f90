"""Files in and out of the journeys (ジャーニーのファイル)."""
