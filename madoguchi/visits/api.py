"""The front door of the visits (来庁の用件の窓口): what other rooms may call."""

from madoguchi.visits.queries.visits import open_visit_of

__all__ = ["open_visit_of"]
