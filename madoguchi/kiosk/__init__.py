"""Self-service sessions in the town hall, in the store's order (庁内キオスク)."""
