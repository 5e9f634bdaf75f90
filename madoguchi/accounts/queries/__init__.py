"""Reads of the accounts room (職員・権限の照会)."""
