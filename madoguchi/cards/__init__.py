"""My Number cards of this town: whose certificate is this (個人番号カード)."""
