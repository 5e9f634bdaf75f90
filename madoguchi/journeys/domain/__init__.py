"""Values and rules of the journeys; pure (ジャーニーの規則)."""
