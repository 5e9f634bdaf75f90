"""Letters and the sheet of a visit (照会書・訪問票)."""
