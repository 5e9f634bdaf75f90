"""Reads of the residence checks (居住実態の確認の照会)."""
