"""Find a window for every town, or the towns that stand in each other's way (作業枠の探索).

Exact: an answer is read anew before it is given, and "there is none" is CP-SAT's proof. The same
plan gives the same answer on every machine: one worker, one seed, and a limit counted in the
solver's own steps rather than in seconds. Past the limit the answer is "not decided".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from madoguchi.csops.domain.windows import (
    Plan,
    Stretch,
    Window,
    gaps_of,
    is_answer,
    starts_of,
)

_SEED = 1
#: CP-SAT's deterministic time for one question; some 5 s on a slow machine. Plans of 41 towns
#: over a month need a hundredth of it (``bench/windows.py``).
STEPS_MAX = 8.0
_SECOND = timedelta(seconds=1)

Starts = Mapping[str, tuple[datetime, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class InTheWay:
    """Towns that cannot all have a window; without any one of them the others could (両立しない団体)."""

    towns: tuple[str, ...]
    #: How many at once would be enough for all towns of the plan.
    at_once_enough: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoRoom:
    """A town none of whose quiet spans has room for one window, whatever the others do (枠のない団体)."""

    town: str
    has_quiet: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """The search reached its limit with neither an answer nor a proof (未決)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """A stretch of the calendar no gap leads out of, and the starts towns have in it (まとまり)."""

    length: timedelta
    starts: Mapping[str, tuple[datetime, ...]]


def find_windows(
    plan: Plan,
) -> tuple[Window, ...] | tuple[NoRoom, ...] | InTheWay | Undecided:
    """Give every town a window, or say what stands against it (作業枠を決める)."""
    without = tuple(
        NoRoom(town=town.name, has_quiet=bool(town.quiet))
        for town in plan.towns
        if not gaps_of(town, whole=plan.whole, length=plan.length)
    )
    if without:
        return without
    starts = starts_of(plan)
    blocks = _blocks_of(plan, starts)
    found = _solve(plan, blocks)
    if found is not None and not isinstance(found, Undecided):
        windows = tuple(
            Window(town=name, span=Stretch(begins=start, ends=start + plan.length))
            for name, start in sorted(found.items(), key=lambda one: (one[1], one[0]))
        )
        assert is_answer(plan, windows), "the solver's answer is not one"
        return windows
    if isinstance(found, Undecided):
        return found
    return InTheWay(
        towns=_smallest_clash(plan, blocks, starts), at_once_enough=_at_once_enough(plan)
    )


def _smallest_clash(plan: Plan, blocks: Sequence[_Block], starts: Starts) -> tuple[str, ...]:
    """Drop each town without which the rest still clash: what stays is minimal (極小な組).

    The starts of the whole plan serve every part of it: they lie in the gaps, and hold those
    the part would have by itself. Towns with the most room are tried first, as they are the
    least likely to be in anybody's way.
    """
    kept = sorted(plan.towns, key=lambda town: (-len(starts[town.name]), town.name))
    needed: set[str] = set()
    for town in tuple(kept):
        if town.name in needed:
            continue
        fewer = [one for one in kept if one is not town]
        found = _solve(replace(plan, towns=tuple(fewer)), blocks)
        if found is None:
            kept = fewer
        elif not isinstance(found, Undecided):  # past the limit it stays: still a clash
            needed |= _needed_too(plan, found, town.name, starts)
    names = {town.name for town in kept}
    return tuple(town.name for town in plan.towns if town.name in names)


def _needed_too(
    plan: Plan, placed: dict[str, datetime], out: str, starts: Starts
) -> set[str]:  # fmt: skip
    """Return the towns that, left out like this one, leave the rest an answer (入れ替え).

    Putting the town left out in the place of one other is an answer without that other. It
    spares the search most of its questions.
    """
    needed, waiting = {out}, [(placed, out)]
    while waiting:
        before, without = waiting.pop()
        for start in starts[without]:
            near = {n: at for n, at in before.items() if abs(at - start) < plan.length}
            for name in near.keys() - needed:
                others = [at for n, at in near.items() if n != name]
                if _at_once([*others, start], plan.length) <= plan.at_once:
                    needed.add(name)
                    after = {n: at for n, at in before.items() if n != name} | {without: start}
                    waiting.append((after, name))
    return needed


def _at_once(starts: Sequence[datetime], length: timedelta) -> int:
    return max(sum(timedelta() <= one - other < length for other in starts) for one in starts)


def _at_once_enough(plan: Plan) -> int:
    for at_once in range(plan.at_once + 1, len(plan.towns)):
        more = replace(plan, at_once=at_once)
        if isinstance(_solve(more, _blocks_of(more, starts_of(more))), dict):
            return at_once
    return len(plan.towns)


def _blocks_of(plan: Plan, starts: Starts) -> tuple[_Block, ...]:
    """Cut the calendar where no town has a gap: windows of two blocks never meet (まとまりに分ける)."""
    gaps = sorted(
        gap for town in plan.towns for gap in gaps_of(town, whole=plan.whole, length=plan.length)
    )
    spans: list[Stretch] = []
    for gap in gaps:
        if spans and gap.begins < spans[-1].ends:
            spans[-1] = Stretch(begins=spans[-1].begins, ends=max(spans[-1].ends, gap.ends))
        else:
            spans.append(gap)
    return tuple(
        _Block(
            length=span.ends - span.begins,
            starts={
                name: within for name, every in starts.items()
                if (within := tuple(one for one in every if span.begins <= one < span.ends))
            },
        )
        for span in spans
    )  # fmt: skip


def _solve(plan: Plan, blocks: Sequence[_Block]) -> dict[str, datetime] | Undecided | None:
    """Return a start for every town; None is a proof that there is none (求解)."""
    # 40 MB of solver: only who asks for windows waits for it.
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    length = plan.length // _SECOND
    chosen: dict[str, list[tuple[cp_model.IntVar, cp_model.IntVar]]] = {
        town.name: [] for town in plan.towns
    }
    for block in blocks:
        intervals, there = [], []
        for town in plan.towns:
            starts = block.starts.get(town.name, ())
            if not starts:
                continue
            seconds = [(one - plan.whole.begins) // _SECOND for one in starts]
            start = model.new_int_var_from_domain(cp_model.Domain.from_values(seconds), "")
            here = model.new_bool_var("")
            intervals.append(model.new_optional_fixed_size_interval_var(start, length, here, ""))
            there.append(here)
            chosen[town.name].append((here, start))
        if len(there) > plan.at_once:
            model.add_cumulative(intervals, [1] * len(intervals), plan.at_once)
            # N lanes, each with whole windows only: says at once what would else be tried out.
            model.add(sum(there) <= plan.at_once * (block.length // plan.length))
    for ways in chosen.values():
        model.add_exactly_one(here for here, _ in ways)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = _SEED
    # With all of the model in the linear part, too few places for too many towns are seen at once.
    solver.parameters.linearization_level = 2
    solver.parameters.max_deterministic_time = STEPS_MAX
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return None
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Undecided()
    return {
        name: plan.whole.begins + solver.value(start) * _SECOND
        for name, ways in chosen.items()
        for here, start in ways
        if solver.value(here)
    }  # fmt: skip
