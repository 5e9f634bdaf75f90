"""Papers of the kiosk that are no certificates (キオスクの書類)."""
