"""Find a window for every town, or the towns that stand in each other's way (作業枠の探索).

Exact: an answer is read anew before it is given, and "there is none" is CP-SAT's proof. The same
plan gives the same answer on every machine: one worker, one seed, and a limit counted in the
solver's own steps rather than in seconds. Past the limit the answer is "not decided".
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from madoguchi.csops.domain.windows import (
    Plan,
    Stretch,
    Window,
    gaps_of,
    is_answer,
    starts_of,
)

_SEED = 1
#: The solver's own steps for one plan, all its questions together: on a slow core some 5 s
#: (``bench/windows.py``), on every machine the same answer.
STEPS_MAX = 4.0
#: What the quick model may spend of them on one question before the thorough one is asked.
_QUICK_STEPS = 0.2
_SECOND = timedelta(seconds=1)

Starts = Mapping[str, tuple[datetime, ...]]
#: Reads a solution: asked with the solver's own value of a variable.
_Read = Callable[[Callable[[Any], int]], dict[str, datetime]]


@dataclass(frozen=True, slots=True, kw_only=True)
class InTheWay:
    """Towns that cannot all have a window (両立しない団体)."""

    towns: tuple[str, ...]
    #: Without any one of them the others could; not proved where the search ran out of steps.
    is_smallest: bool
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


@dataclass(slots=True, kw_only=True)
class _Search:
    """One plan's questions to the solver, and the steps they have left (探索)."""

    blocks: Sequence[_Block]
    starts: Starts
    steps: float

    def solve(self, plan: Plan) -> dict[str, datetime] | Undecided | None:
        """Return a start for every town; None is a proof that there is none (求解).

        Two models of the same thing: the quick one answers nearly always, with all of it in the
        solver's linear part (too few places for too many towns are seen at once) or with little
        of it; the thorough one where about as many places as towns make either way long.
        """
        for build, linear, most in (
            (_quick_model, 2, _QUICK_STEPS), (_quick_model, 1, _QUICK_STEPS),
            (_thorough_model, 1, STEPS_MAX),
        ):  # fmt: skip
            if self.steps <= 0:
                break
            model, read = build(plan, self)
            found, spent = _run(model, read, linear=linear, steps=min(most, self.steps))
            self.steps -= spent
            if not isinstance(found, Undecided):
                return found
        return Undecided()


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
    search = _search_of(plan, steps=STEPS_MAX)
    found = search.solve(plan)
    if found is not None and not isinstance(found, Undecided):
        windows = tuple(
            Window(town=name, span=Stretch(begins=start, ends=start + plan.length))
            for name, start in sorted(found.items(), key=lambda one: (one[1], one[0]))
        )
        assert is_answer(plan, windows), "the solver's answer is not one"
        return windows
    if isinstance(found, Undecided):
        return found
    towns, is_smallest = _smallest_clash(plan, search)
    enough = _at_once_enough(plan, steps=search.steps)
    return InTheWay(towns=towns, is_smallest=is_smallest, at_once_enough=enough)


def _search_of(plan: Plan, *, steps: float) -> _Search:
    starts = starts_of(plan)
    return _Search(blocks=_blocks_of(plan, starts), starts=starts, steps=steps)


def _smallest_clash(plan: Plan, search: _Search) -> tuple[tuple[str, ...], bool]:
    """Drop each town without which the rest still clash: what stays is minimal (極小な組).

    The starts of the whole plan serve every part of it: they lie in the gaps, and hold those
    the part would have by itself. Towns with the most room are tried first, as they are the
    least likely to be in anybody's way.
    """
    kept = sorted(plan.towns, key=lambda town: (-len(search.starts[town.name]), town.name))
    needed: set[str] = set()
    proved = True
    for town in tuple(kept):
        if town.name in needed:
            continue
        fewer = [one for one in kept if one is not town]
        found = search.solve(replace(plan, towns=tuple(fewer)))
        if found is None:
            kept = fewer
        elif isinstance(found, Undecided):
            proved = False  # it stays: the set is a clash still
        else:
            needed |= _needed_too(plan, found, town.name, search.starts)
    names = {town.name for town in kept}
    return tuple(town.name for town in plan.towns if town.name in names), proved


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


def _at_once_enough(plan: Plan, *, steps: float) -> int:
    """Return how many at once would do; with as many as towns each takes its own gap (足りる同時数)."""
    for at_once in range(plan.at_once + 1, len(plan.towns)):
        more = replace(plan, at_once=at_once)
        search = _search_of(more, steps=steps)
        found = search.solve(more)
        steps = search.steps
        if isinstance(found, dict):
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


def _quick_model(plan: Plan, search: _Search) -> tuple[Any, _Read]:
    """One interval a town and block, and no more than so many at a time (区間のモデル)."""
    # 40 MB of solver: only who asks for windows waits for it.
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    length = plan.length // _SECOND
    chosen: dict[str, list[tuple[Any, Any]]] = {town.name: [] for town in plan.towns}
    for block in search.blocks:
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
            model.add(sum(there) <= _places(block, plan))
    for ways in chosen.values():
        model.add_exactly_one(here for here, _ in ways)

    def read(value: Callable[[Any], int]) -> dict[str, datetime]:
        return {
            name: plan.whole.begins + value(start) * _SECOND
            for name, ways in chosen.items() for here, start in ways if value(here)
        }  # fmt: skip

    return model, read


def _thorough_model(plan: Plan, search: _Search) -> tuple[Any, _Read]:
    """A yes or no for every town and start, and a sum for every moment a window may begin (時刻のモデル)."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    at: dict[datetime, list[Any]] = {}
    chosen: dict[str, list[tuple[datetime, Any]]] = {}
    for town in plan.towns:
        chosen[town.name] = [(start, model.new_bool_var("")) for start in search.starts[town.name]]
        for start, here in chosen[town.name]:
            at.setdefault(start, []).append(here)
        model.add_exactly_one(here for _, here in chosen[town.name])
    moments = sorted(at)
    for number, moment in enumerate(moments):
        running = bisect_right(moments, moment - plan.length)
        begun = [here for one in moments[running : number + 1] for here in at[one]]
        if len(begun) > plan.at_once:
            model.add(sum(begun) <= plan.at_once)
    for block in search.blocks:
        within = {start for starts in block.starts.values() for start in starts} & at.keys()
        model.add(sum(here for one in within for here in at[one]) <= _places(block, plan))

    def read(value: Callable[[Any], int]) -> dict[str, datetime]:
        return {
            name: start for name, ways in chosen.items() for start, here in ways if value(here)
        }  # fmt: skip

    return model, read


def _places(block: _Block, plan: Plan) -> int:
    """Return how many windows a block holds at most: so many lanes, whole windows in each (枠の数)."""
    return plan.at_once * (block.length // plan.length)


def _run(
    model: Any, read: _Read, *, linear: int, steps: float
) -> tuple[dict[str, datetime] | Undecided | None, float]:
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = _SEED
    solver.parameters.linearization_level = linear
    solver.parameters.max_deterministic_time = steps
    status = solver.solve(model)
    # Even what is solved at once has cost something: a plan ends whatever it asks.
    spent = max(solver.response_proto.deterministic_time, 1e-3)
    if status == cp_model.INFEASIBLE:
        return None, spent
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Undecided(), spent
    return read(solver.value), spent
