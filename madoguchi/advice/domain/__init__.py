"""Documents, deadlines, and what a new card would lose: pure rules (必要書類・期限の決まり)."""
