"""Trips and what came home (島の日の照会)."""
