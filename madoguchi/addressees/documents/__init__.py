"""Files of the room: lists in, results out, kept keys (送付先情報のファイル)."""
