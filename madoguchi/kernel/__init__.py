"""Values every room shares; no Django, no clock, no network (核)."""
