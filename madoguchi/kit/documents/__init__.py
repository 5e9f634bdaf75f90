"""The sealed bundle and the journal of the laptop (持ち出しファイル)."""
