"""Rules of the effect board (効果の表の決まり)."""
