"""What a certificate is, what may stand on it, and how it lies on the page (証明書)."""
