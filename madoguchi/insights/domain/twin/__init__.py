"""The desk one can try out: a model of a year at the counter (窓口の試算)."""
