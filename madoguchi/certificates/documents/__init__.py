"""From planned pages to a finished PDF, and back again (証明書の作成と読戻し)."""
