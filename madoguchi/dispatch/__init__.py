"""Letters that leave the office, and parcels between towns (発送)."""
