"""Who looked, who changed, why (アクセス記録)."""
