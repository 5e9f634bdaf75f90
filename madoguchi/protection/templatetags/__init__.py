"""Tags of this room's pages."""
