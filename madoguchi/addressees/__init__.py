"""Where a notice goes: lists of addressees against the register (送付先情報)."""
