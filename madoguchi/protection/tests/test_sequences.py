"""Any sequence of actions on a real database, against a small model of what must hold."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from madoguchi.infra import clock, unit
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Refused
from madoguchi.protection.actions.endings import grant_end, propose_end
from madoguchi.protection.actions.unlocks import grant_unlock
from madoguchi.protection.api import Use, carry_over, gate, propose_unlock, use_unlock
from madoguchi.protection.queries.measures import count_held_wrongly
from madoguchi.protection.testing import CHIEF, CLERK, OTHER, SENIOR, protect

WHO = st.sampled_from(["rin", "haru"])
REQUEST = st.sampled_from(["r1", "r2"])
KIND = st.sampled_from(["JUMINHYO", "JOHYO"])
STAFF = st.sampled_from([SENIOR, CHIEF, CLERK, OTHER])


class Sequence(RuleBasedStateMachine):
    """The model: who is held by which measure, and which paper may pass for whom."""

    @initialize()
    def begin(self) -> None:
        # Fresh ids each time: what an earlier example stored then says nothing here.
        self.run_id = new_id()[:8]
        self.now = datetime(2026, 4, 1, 9, tzinfo=clock.JAPAN)
        self.live: dict[str, tuple[str, int]] = {}  # measure → (person, version)
        self.proposed: dict[str, tuple[int, str]] = {}  # measure → (version, first officer)
        self.unlocks: dict[tuple[str, str], dict] = {}  # (request, kind) → newest unlock
        self.passes: list[dict] = []

    def person(self, who: str) -> str:
        return f"{who}-{self.run_id}"

    def basis(self, who: str) -> frozenset[tuple[str, int]]:
        return frozenset((m, v) for m, (p, v) in self.live.items() if p == who)

    def do(self, action, /, *args, **given):
        try:
            with clock.frozen(self.now):
                return unit.run(action, *args, **given)
        except Refused:
            return None

    @rule(minutes=st.sampled_from([1, 14, 15, 600]))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(who=WHO)
    def accept(self, who: str) -> None:
        with clock.frozen(self.now):
            measure_id = protect(self.person(who))
        self.live = {m: (p, v + (p == who)) for m, (p, v) in self.live.items()}
        self.live[measure_id] = (who, 1)

    @rule(who=WHO)
    def move_out(self, who: str) -> None:
        if not self.basis(who):
            return  # nothing to carry over, so nothing would be recorded
        self.do(
            carry_over, [self.person(who)], actor=CLERK, moved_on=self.now.date(), to_town="462012"
        )
        self.live = {m: (p, v + (p == who)) for m, (p, v) in self.live.items()}

    @rule(data=st.data(), actor=STAFF)
    def propose_to_end(self, data, actor) -> None:
        if not self.live:
            return
        measure_id = data.draw(st.sampled_from(sorted(self.live, key=list(self.live).index)))
        version = self.live[measure_id][1]
        pair = [(measure_id, version)]
        done = self.do(propose_end, pair, actor=actor, reason="REQUEST", words="理由")
        old = self.proposed.get(measure_id)
        expected = actor in (SENIOR, CHIEF) and (old is None or old[0] != version)
        assert bool(done) == expected
        if done:
            self.proposed[measure_id] = (version, actor.staff_id)

    @rule(data=st.data(), actor=STAFF, back=st.integers(0, 1))
    def grant_to_end(self, data, actor, back: int) -> None:
        if not self.proposed:
            return
        measure_id = data.draw(
            st.sampled_from(sorted(self.proposed, key=list(self.proposed).index))
        )
        seen = self.live[measure_id][1] - back
        self.do(grant_end, [(measure_id, seen)], actor=actor)
        version, first = self.proposed[measure_id]
        live = self.live[measure_id][1]
        if actor is CHIEF and first != CHIEF.staff_id and seen == live == version:
            del self.live[measure_id], self.proposed[measure_id]

    @rule(who=WHO, request=REQUEST, kind=KIND, actor=STAFF, second=STAFF)
    def unlock(self, who, request, kind, actor, second) -> None:
        unlock_id = self.do(
            propose_unlock, actor=actor, request_id=f"{request}-{self.run_id}", kind=kind,
            use=Use.PRINT, person_ids=[self.person(who)], requester="SELF", reason="確認した",
        )  # fmt: skip
        assert not (unlock_id and actor in (CLERK, OTHER))
        if unlock_id is None:
            return
        until = self.do(grant_unlock, actor=second, unlock_id=unlock_id)
        assert bool(until) == (second in (SENIOR, CHIEF) and second is not actor)
        self.unlocks[request, kind] = {
            "who": who, "by": actor, "until": until, "basis": self.basis(who),
            "request": request, "kind": kind,
        }  # fmt: skip

    @rule(who=WHO, request=REQUEST, kind=KIND, actor=STAFF)
    def use(self, who, request, kind, actor) -> None:
        pass_id = self.do(
            use_unlock, actor=actor, request_id=f"{request}-{self.run_id}", kind=kind,
            use=Use.PRINT, person_ids=[self.person(who)],
        )  # fmt: skip
        known = self.unlocks.get((request, kind))
        fits = (
            known is not None and known["until"] is not None and self.now < known["until"]
            and known["by"] is actor and known["who"] == who and known["basis"] == self.basis(who)
        )  # fmt: skip
        assert bool(pass_id) == fits
        if pass_id:
            self.passes.append({**self.unlocks.pop((request, kind)), "pass": pass_id})

    @invariant()
    def the_gate_says_what_the_model_says(self) -> None:
        if not hasattr(self, "live"):
            return
        held = {self.person(p) for p, _ in self.live.values()}
        everybody = {self.person("rin"), self.person("haru"), self.person("aoi")}
        with clock.frozen(self.now):
            for use in (Use.SEARCH, Use.PRINT):
                assert gate(everybody, actor=CLERK, use=use).blocked == held
                assert gate(everybody, actor=OTHER, use=use).blocked == held
            assert gate(everybody, actor=SENIOR, use=Use.VIEW).open == everybody
            assert gate(everybody, actor=SENIOR, use=Use.PRINT).blocked == held
            assert count_held_wrongly() == 0

    @invariant()
    def a_pass_opens_its_own_paper_and_no_other(self) -> None:
        for one in getattr(self, "passes", []):
            alive = self.now < one["until"] and one["basis"] == self.basis(one["who"])
            for request in ("r1", "r2"):
                for actor in (SENIOR, CHIEF, CLERK):
                    with clock.frozen(self.now):
                        answer = gate(
                            [self.person(one["who"])], actor=actor, use=Use.PRINT,
                            request_id=f"{request}-{self.run_id}", kind=one["kind"],
                            pass_id=one["pass"],
                        )  # fmt: skip
                    own = alive and request == one["request"] and actor is one["by"]
                    held = bool(self.basis(one["who"]))
                    assert bool(answer.open) == (own or not held)


@pytest.mark.parametrize(
    "examples", [8, pytest.param(200, marks=pytest.mark.full)], ids=["sample", "whole"]
)
def test_p1_whatever_the_sequence_the_gate_never_opens_a_held_person(db, examples: int):
    run_state_machine_as_test(
        Sequence,
        settings=settings(
            max_examples=examples,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
