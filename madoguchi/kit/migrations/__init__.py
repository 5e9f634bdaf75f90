"""Tables of the trips (島の日の表)."""
