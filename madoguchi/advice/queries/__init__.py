"""The tables of the rules, read once (決まりの表)."""
