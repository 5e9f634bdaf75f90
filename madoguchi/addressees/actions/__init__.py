"""What people do with lists (送付先情報の操作)."""
