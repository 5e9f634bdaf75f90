"""Writes of this room: one public function is one thing an officer does."""
