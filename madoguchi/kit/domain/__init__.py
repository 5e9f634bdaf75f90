"""What a trip is and how it comes home: pure rules (島の日の決まり)."""
