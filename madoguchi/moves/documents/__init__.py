"""Papers of the moves: request letter, slip to take home (書類)."""
