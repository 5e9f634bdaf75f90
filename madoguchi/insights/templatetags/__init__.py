"""Words of the figures' pages (画面の言葉)."""
