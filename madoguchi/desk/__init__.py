"""The clerk's home and the person page: what now? (窓口のいま)."""
