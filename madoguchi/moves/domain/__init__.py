"""Rules of moves: triage, plan, filing; pure (異動の決まり)."""
