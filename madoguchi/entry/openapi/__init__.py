"""The interface for other sections' and neighbours' systems, under /api/v1/ (他システム用の窓口)."""
