"""Steps, choices, hours and books of the kiosk; pure (キオスクの規則)."""
