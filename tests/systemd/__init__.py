"""The product under a real systemd, on a Debian of its own (本物の systemd)."""
