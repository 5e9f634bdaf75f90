"""Rules of the desk: what can be done now, the slip, and the practice Monday (窓口の決まり)."""
