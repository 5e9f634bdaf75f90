"""A whole card of cardboard: files, PINs and rules, for demo, training and tests (模擬カード)."""
