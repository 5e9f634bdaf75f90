"""Which secrets a visitor decides at home, as dated data (家で決めておく暗証番号).

The present card has four PINs of which three may be the same (事務処理要領; 鹿児島県瀬戸内町ヒアリング):
two secrets are enough. The next card is planned with two. The sheet has no place to write one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """One thing to decide: what it looks like and what it is for (暗証番号の種類)."""

    title: str
    form: tuple[str, ...]
    uses: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretsRow:
    """The secrets of a kind of card, from a day on (暗証番号の一覧)."""

    since: date
    secrets: tuple[Secret, ...]


SECRETS: Sequence[SecretsRow] = (
    SecretsRow(
        since=date(2016, 1, 1),
        secrets=(
            Secret(
                title="4けたの数字",
                form=("数字を 4つ ならべます。", "3つの使い道に、同じ番号で かまいません。"),
                uses="コンビニの証明書、転入などの届出、お名前・ご住所の読み取り",
            ),
            Secret(
                title="英字と数字 6〜16文字",
                form=(
                    "英字の大文字と数字を、どちらも 使います。",
                    "例えば「英字3つと数字5つ」のように。",
                ),
                uses="e-Tax など、インターネットで出す書類の電子署名",
            ),
        ),
    ),
)
ADVICE = (
    "生年月日・電話番号・同じ数字のくり返しは、さけてください。",
    "窓口の画面に ご自分で入れます。役場に 知らせることは ありません。",
    "この紙は 家に置き、番号を書いて 持ち歩かないでください。",
)


def secrets_on(day: date, *, rows: Sequence[SecretsRow] = SECRETS) -> tuple[Secret, ...]:
    """Return what is to be decided for a card handed over on a day (暗証番号の種類)."""
    counting = [row for row in rows if row.since <= day]
    return max(counting, key=lambda row: row.since).secrets if counting else ()
