"""Moves: said once, filed once (転入・転居・転出)."""
