"""``madoguchi kiosk``: do the machines' books of a day agree (キオスクの日締め)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from madoguchi.entry.cli.verbs import Answer, Given, Verb, Words
from madoguchi.kernel.outcome import Problem

_COLUMNS = ("asked", "issued", "refused", "failed", "abandoned", "still_open", "copies", "yen")


def _balance_words(words: Words) -> None:
    words.add_argument("--day", default="", metavar="DAY", help="a day; without it today (日)")


def _balance(given: Given) -> Answer:
    from madoguchi.accounts.api import cli_actor
    from madoguchi.infra import clock, unit
    from madoguchi.kernel.dates import parse_day
    from madoguchi.kiosk.api import balance_day

    day = parse_day(given.day) if given.day else clock.today()
    if isinstance(day, Problem):
        return Answer(values={"day": given.day, "channels": []}, problems=(day,))
    actor = cli_actor("kiosk balance")
    found = unit.run(balance_day, day=day, actor=actor, now=clock.now())
    channels = [_channel(one) for one in found]
    return Answer(
        values={"day": day.isoformat(), "channels": channels},
        problems=tuple(_problem(one.channel, gap) for one in found for gap in one.differences),
    )


def _channel(one: Any) -> dict[str, Any]:
    return {
        "channel": one.channel,
        "closed": one.closed,
        "balances": not one.differences,
        "kinds": [
            {"kind": book.kind, **{name: getattr(book.requests, name) for name in _COLUMNS}}
            for book in one.books
        ],
        "differences": [
            {"kind": gap.kind, "what": gap.what.value, "expected": gap.expected, "found": gap.found}
            for gap in one.differences
        ],
    }


def _problem(channel: str, gap: Any) -> Problem:
    facts = {"expected": f"{gap.expected:,}", "found": f"{gap.found:,}", "what": gap.what.value}
    where = " ".join(one for one in (channel, gap.kind) if one)
    return Problem(code="KIOSK_BOOKS_DISAGREE", where=where, facts=facts)


def _show(values: Mapping[str, Any]) -> Iterator[str]:
    for one in values["channels"]:
        sums = {name: sum(kind[name] for kind in one["kinds"]) for name in _COLUMNS}
        state = "合っています" if one["balances"] else "合いません"
        yield (
            f"{one['channel']}: {state}（受付 {sums['asked']} = 交付 {sums['issued']}"
            f" + 交付せず {sums['refused']} + 失敗 {sums['failed']} + 取りやめ {sums['abandoned']}"
            f" + 途中 {sums['still_open']}、{sums['copies']}部、{sums['yen']:,}円）"
        )


VERBS = (
    Verb(
        name="balance",
        help="compare the machines' four books of a day; a difference stops the channel (日締め)",
        schema="madoguchi.kiosk_balance/1",
        run=_balance,
        arguments=_balance_words,
        show=_show,
        blank={"day": "", "channels": []},
    ),
)
