"""The fictional town: a generator of residents who do not exist, and its named people (架空の町)."""
