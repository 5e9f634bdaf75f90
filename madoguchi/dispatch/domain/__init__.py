"""Rules of letters, paper and parcels (発送の決まり)."""
