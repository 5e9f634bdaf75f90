"""Actions of the moves: file, take back, answer a follow-up (異動の処理)."""
