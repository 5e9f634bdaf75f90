"""Whether people live where they are registered: a case, never a score (居住実態の確認)."""
