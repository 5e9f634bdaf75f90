"""The clerk's home: what now? (窓口の一日)."""
