"""What a press does to letters and parcels (発送の操作)."""
