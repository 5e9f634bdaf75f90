"""What a town's own ledger file said beyond our columns, kept as it came (管理簿の取込み)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from madoguchi.cards.models.line import Card


class Layout(models.Model):
    """The columns of one ledger file, in its order, and what each means to us (管理簿の列)."""

    layout_id = models.BigAutoField(primary_key=True)
    #: [{"heading": …, "field": … or null, "format": …}, …]
    columns = models.JSONField()
    sheet = models.TextField()
    taken_in_at = models.DateTimeField()
    taken_in_by = models.TextField()

    class Meta:
        db_table = "cards_layout"


class LedgerRow(models.Model):
    """One row of such a file: every cell as it was written (管理簿の1行)."""

    card = models.OneToOneField(
        Card, on_delete=models.PROTECT, primary_key=True, related_name="ledger_row"
    )
    layout = models.ForeignKey(Layout, on_delete=models.PROTECT, related_name="rows")
    row_no = models.PositiveIntegerField()
    #: Cells in the order of the layout, each with its type: ["d", "2026-11-23"].
    cells = models.JSONField()
    #: What our columns held when the file was taken in: a cell is given back as it was written
    #: for as long as its column still says the same.
    taken = models.JSONField()

    class Meta:
        db_table = "cards_ledger_row"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["layout", "row_no"], name="cards_ledger_row_one"),
        ]
