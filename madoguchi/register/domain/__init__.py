"""Values and rules of the resident register (住民記録の規則)."""
