"""The cashless till (キャッシュレス決済端末)."""
