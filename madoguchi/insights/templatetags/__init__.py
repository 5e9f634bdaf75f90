"""Words of the figures in templates (札)."""
