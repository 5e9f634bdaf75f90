"""The front door of the terminals (統合端末の窓口): what other rooms may call."""

from madoguchi.csops.domain.terminals import free_spans
from madoguchi.csops.queries.days import days_of, load_of, terminals_at

__all__ = ["days_of", "free_spans", "load_of", "terminals_at"]
