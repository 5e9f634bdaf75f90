"""Writes of the accounts room (職員・権限・承認の操作)."""
