"""Figures one can re-add: what a channel brings and costs, with the rows behind (効果の見える化)."""
