"""One issue path for desk, mail, kiosk and shops (証明書)."""
