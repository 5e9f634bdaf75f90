"""What pages and other rooms read of this room (発送の照会)."""
