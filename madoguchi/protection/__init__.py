"""支援措置 and other holds: one gate for reading, printing, mailing."""
