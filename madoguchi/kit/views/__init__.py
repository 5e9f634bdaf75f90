"""Pages at the office and on the laptop (島の日の画面)."""
