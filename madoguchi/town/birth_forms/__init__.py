"""Fictional 出生届 with a part for the card's 暗証番号, as scanners bring them (架空の出生届).

Drawn from numbers of its own: it shares no code with what hides the secret part. All names,
days and digits are dice; nobody was born here.
"""
