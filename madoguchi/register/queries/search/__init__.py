"""Finding people (検索): one box, every spelling."""

from madoguchi.register.queries.search.finding import SearchHit, SearchResult, search

__all__ = ["SearchHit", "SearchResult", "search"]
