"""Papers of this room (発送の書類)."""
