"""Staff, roles, second officers (職員・権限)."""
