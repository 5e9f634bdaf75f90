"""The table people are found by (検索用の表): derived from the ledger, made anew at will."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


def _key() -> models.TextField[str, str]:
    # Byte order: what LIKE needs of an index for a prefix, and the same order for the results.
    return models.TextField(db_collation="C")


class SearchRow(models.Model):
    """What one person is found by; ``register.domain.search.keys`` says what is in it."""

    person_id = models.CharField(max_length=15, primary_key=True)
    rank = models.SmallIntegerField()
    sort_key = _key()
    born = models.DateField(null=True)
    name = _key()
    surname = _key()
    initial = _key()
    kana_surname = _key()
    names = models.TextField()
    kanas = models.TextField()
    places = models.TextField()
    past_names = models.TextField()
    past_kanas = models.TextField()
    past_places = models.TextField()
    tokens = ArrayField(models.IntegerField())

    class Meta:
        db_table = "register_search"
        indexes = [
            # Each gives its rows in the order they are shown, so that a page of a surname
            # that ten thousand people share is read and not sorted.
            models.Index(fields=["name", "rank", "sort_key"], name="register_search_name"),
            models.Index(fields=["surname", "rank", "sort_key"], name="register_search_surname"),
            models.Index(fields=["initial", "rank", "sort_key"], name="register_search_initial"),
            models.Index(fields=["kana_surname", "rank", "sort_key"], name="register_search_kana"),
            models.Index(fields=["rank", "sort_key"], name="register_search_sort"),
            models.Index(fields=["born"], name="register_search_born"),
            # No pending list: a change pays its few entries at once, a search never pays.
            GinIndex(fields=["tokens"], name="register_search_tokens", fastupdate=False),
        ]
