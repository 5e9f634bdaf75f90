"""Pages of certificates (証明書の画面)."""
