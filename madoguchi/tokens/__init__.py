"""Keys that other sections' and neighbours' systems hold (他システムの鍵)."""
