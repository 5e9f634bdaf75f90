"""What a reader of the figures should be told beside them (気づき): never an error, always a place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from madoguchi.insights.domain.counting import to_digits
from madoguchi.insights.domain.effect import Change, Effect, Year, break_even, changes_of
from madoguchi.insights.domain.showing import printed_change, printed_effect
from madoguchi.kernel.outcome import Problem

_MONTHS = 12


def find_all(
    years: Sequence[Year], effect: Effect | None, *, printed: Mapping[int, Decimal]
) -> tuple[Problem, ...]:
    """Return everything worth saying about these years; of money only where its cost is known (気づきの一覧)."""
    changes = changes_of(years)
    return (
        *(found for year in years if (found := _mean_differs(year, printed)) is not None),
        *_left_out(years),
        *(found for change in changes for found in _of_change(change)),
        *(_of_money(effect) if effect else ()),
    )


def _mean_differs(year: Year, printed: Mapping[int, Decimal]) -> Problem | None:
    """A printed mean that its own row does not give; compared with as many digits as were printed."""
    said = printed.get(year.number)
    if said is None:
        return None
    exponent = said.as_tuple().exponent
    assert isinstance(exponent, int), "the reader takes plain numbers only"
    readded = to_digits(year.mean, max(0, -exponent))
    if readded == said:
        return None
    would_be = to_digits(Fraction(said) * year.months, 2)
    facts = {
        "fiscal_year": year.label,
        "printed": str(said),
        "readded": str(readded),
        "issues": f"{year.channel_issues.issues}",
        "months": f"{year.months}",
        "printed_issues": f"{would_be.normalize():f}",
    }
    return Problem(code="EFFECT_MEAN_DIFFERS", where=f"{year.label}, printed_mean", facts=facts)


def _left_out(years: Sequence[Year]) -> tuple[Problem, ...]:
    """What no change is told of, or only over a gap: a year without issues, a year without a row."""
    found = [
        Problem(code="EFFECT_NO_SHARE", where=year.label, facts={"fiscal_year": year.label})
        for year in years
        if year.share is None
    ]
    for before, after in pairwise(years):
        missing = after.number - before.number - 1
        if missing > 0:
            facts = {"from": before.label, "to": after.label, "missing": f"{missing}"}
            found.append(Problem(code="EFFECT_YEARS_MISSING", where=after.label, facts=facts))
    return tuple(found)


def _of_change(change: Change) -> tuple[Problem, ...]:
    before, after, shown = change.before, change.after, printed_change(change)
    facts = {
        "from": before.label,
        "to": after.label,
        **{name: f"{value:+}" for name, value in shown.items()},
    }
    found = []
    if change.months_differ:
        months = {"before_months": f"{before.months}", "after_months": f"{after.months}"}
        found.append(Problem(code="EFFECT_MONTHS_DIFFER", where=after.label, facts=facts | months))
    # A share may rise while fewer use the channel, and fall while more do: then it misleads wholly.
    if shown["points"] * shown["use"] < 0:
        found.append(Problem(code="EFFECT_SHARE_AGAINST_USE", where=after.label, facts=facts))
    elif change.points > 0 and change.from_volume > change.from_use:
        found.append(Problem(code="EFFECT_SHARE_BY_VOLUME", where=after.label, facts=facts))
    return tuple(found)


def _of_money(effect: Effect) -> tuple[Problem, ...]:
    label = effect.year.label
    # The break-even is one of a whole year, so two months of issues are made twelve before the two
    # meet. Cut, not rounded: what is shown never looks as many as what is needed.
    issued = effect.year.all_issues.issues * _MONTHS // effect.year.months
    found = []
    yen = printed_effect(effect)
    if yen["net_yen"] < 0:
        facts = {
            "fiscal_year": label,
            "saved": f"{yen['yen_saved']:,}",
            "cost": f"{yen['fixed_yen'] + yen['fees_yen']:,}",
            "lost": f"{-yen['net_yen']:,}",
        }
        found.append(Problem(code="EFFECT_COSTS_MORE", where=label, facts=facts))
    needed = break_even(effect.inputs)
    if needed is None:
        facts = {
            "clerk": f"{to_digits(effect.inputs.clerk_yen, 2):,}",
            "fee": f"{to_digits(effect.inputs.yen_per_issue, 2):,}",
        }
        found.append(Problem(code="EFFECT_NEVER_PAYS", where=label, facts=facts))
    elif needed > issued:
        facts = {"fiscal_year": label, "needed": f"{needed:,}", "issued": f"{issued:,}"}
        found.append(Problem(code="EFFECT_BREAK_EVEN_OUT_OF_REACH", where=label, facts=facts))
    return tuple(found)
