"""The table of the town that asked for all this, so that the board has something to say (デモの件数の表).

Counts of a published report, of nobody in particular; the slip in its last mean is its own.
"""

from __future__ import annotations

import io

from madoguchi.accounts.api import cli_actor
from madoguchi.infra import clock, unit
from madoguchi.insights.actions.tables import take_table
from madoguchi.insights.queries.sources import list_tables

_NAME = "コンビニ交付の実績（公表資料）"
_TABLE = """年度,稼働月数,交付全体,交付実績,月平均
令和4年度,2,948,57,28.50
令和5年度,12,4992,453,37.75
令和6年度,12,3983,463,38.50
"""


def fill() -> None:
    """Take the table in once, as the chief would (デモの件数の表)."""
    if list_tables():
        return
    actor = cli_actor("demo").for_purpose("架空の町の効果の見える化")
    unit.run(take_table, io.BytesIO(_TABLE.encode()), name=_NAME, actor=actor, now=clock.now())
