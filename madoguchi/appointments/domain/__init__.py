"""Pure rules of bookings and of the line (予約と順番の決まり)."""
