"""M8: any order of filings, corrections and takings back reads as a plain retelling (異動の突合せ)."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from madoguchi.kernel.outcome import AlertsUnanswered, Refused
from madoguchi.moves.actions import filing
from madoguchi.moves.domain.case import Card
from madoguchi.moves.domain.filing import Arrival, Kind
from madoguchi.moves.models import Filing, Task
from madoguchi.moves.testing import TODAY, arriving, move_in, told
from madoguchi.register.api import filing as register
from madoguchi.register.api import persons_of
from madoguchi.register.testing import resident_code

STEPS, SEEDS = 22, range(12)
HOMES = ("鹿児島県大島郡瀬戸内町大字諸鈍1番地", "鹿児島県大島郡瀬戸内町大字池地2番地",
         "鹿児島県大島郡瀬戸内町大字与路3番地")  # fmt: skip


# -- the oracle: a diary of acts, told again from the first page each time -------------------------


def retell(diary, undone):
    """Return everybody as the acts that still stand leave them."""
    people = {}
    for number, act in enumerate(diary):
        if number not in undone:
            people = act(people)
    return people


def with_heads(people):
    """Who is left alone in a household becomes its head (4.0.4)."""
    homes = {}
    for key, one in people.items():
        if one["here"]:
            homes.setdefault(one["home"], []).append(key)
    return {
        key: one | {"head": one["head"] or (one["here"] and len(homes[one["home"]]) == 1)}
        for key, one in people.items()
    }


def change(keys, **values):
    return lambda people: with_heads(
        {key: one | values if key in keys else one for key, one in people.items()}
    )


def enter(key, **values):
    return lambda people: with_heads(people | {key: values | {"here": True}})


# -- the walk --------------------------------------------------------------------------------------


class Walk:
    """One office that files whatever comes, and the diary beside it."""

    def __init__(self, counter, seed):
        self.counter, self.pick = counter, random.Random(seed)
        self.day = TODAY
        self.diary, self.undone, self.filed, self.codes = [], set(), {}, 100 * seed
        self.taken = set()

    def state(self):
        return retell(self.diary, self.undone)

    def here(self):
        return [key for key, one in self.state().items() if one["here"]]

    def press(self, name, act, action, **given):
        """Press; keep the page in the diary only where the office took it."""
        asked = given.pop("passed", [])
        for _ in range(3):
            try:
                found = self.counter.do(action, day=self.day, passed=asked, **given)
                break
            except AlertsUnanswered as alerts:
                asked = [one.code for one in alerts.problems]
            except Refused:
                return
        self.taken.add(name)
        self.diary.append(act(found))
        self.filed[found.filing_id] = len(self.diary) - 1

    def days(self):
        return register.Filing(effective=self.day.isoformat(), filed_on=self.day)

    def told(self, **given):
        return told(filed_on=self.day, **given)

    def step(self):
        self.day += timedelta(days=1)
        getattr(self, self.pick.choice(
            ["move_in", "move_in", "join", "within", "within", "out", "dies", "renamed", "back", "back"]
        ))()  # fmt: skip

    def newcomer(self, relationship):
        self.codes += 1
        values = {"relationship": relationship, "name": f"海　{'一二三四五六七八九'[self.codes % 9]}",
                  "birth": f"平成{self.codes % 20 + 1}年3月{self.codes % 27 + 1}日",
                  "resident_code": resident_code(10_000 + self.codes)}  # fmt: skip
        one = arriving(0, values=values, card=Card.NONE)
        return one, values["name"]

    def move_in(self, home_of=None):
        one, name = self.newcomer("世帯主" if home_of is None else "同居人")
        household_no = self.state()[home_of]["home"] if home_of else ""
        address = self.state()[home_of]["address"] if home_of else self.pick.choice(HOMES)
        move = replace(
            move_in(0), people=(one,), told=self.told(), moved_on=self.day.isoformat(),
            planned_out_on=self.day, address=address, household_no=household_no,
            arrival=Arrival.PAPER, certificate_seen=True,
        )  # fmt: skip
        self.press(
            "join" if home_of else "move_in",
            lambda found: enter(
                found.person_ids["1"], name=name, address=address, home=found.household_no,
                head=home_of is None,
            ),
            filing.file_move_in, move=move,
        )  # fmt: skip

    def join(self):
        if self.here():
            self.move_in(home_of=self.pick.choice(self.here()))

    def within(self):
        """A whole household, or one of it into a household of their own."""
        if not self.here():
            return
        one = self.pick.choice(self.here())
        people = self.state()
        family = [key for key in self.here() if people[key]["home"] == people[one]["home"]]
        whole = self.pick.random() < 0.5
        keys = family if whole else [one]
        new = self.pick.choice(HOMES)
        alone = {"standings": {one: register.Standing(relationship="世帯主", is_householder=True)}}
        command = register.ChangeAddress(
            filing=self.days(), person_ids=tuple(keys), postcode="894-2101", address=new,
            **({} if keys == family else alone),
        )  # fmt: skip
        self.press(
            "within",
            lambda found: change(keys, address=new) if keys == family
            else change(keys, address=new, home=self.home_now(one), head=True),
            filing.file_other, kind=Kind.CHANGE_ADDRESS, command=command, told=self.told(),
        )  # fmt: skip

    @staticmethod
    def home_now(key):
        return persons_of((key,))[key].household_no

    def out(self):
        if self.here():
            one = self.pick.choice(self.here())
            command = register.PlanMoveOut(
                filing=self.days(), reason=register.Reason.MOVE_OUT_DOMESTIC, person_ids=(one,),
                to="福岡県みどり市",
            )  # fmt: skip
            self.press("out", lambda _: change([one], here=False), filing.file_other,
                       kind=Kind.MOVE_OUT, command=command, told=self.told())  # fmt: skip

    def dies(self):
        if self.here():
            one = self.pick.choice(self.here())
            command = register.RemovePersons(
                filing=self.days(), reason=register.Reason.DEATH, person_ids=(one,)
            )
            self.press("dies", lambda _: change([one], here=False), filing.file_other,
                       kind=Kind.DEATH, command=command, told=self.told())  # fmt: skip

    def renamed(self):
        if self.here():
            one, name = self.pick.choice(self.here()), f"岬　{self.pick.choice('甲乙丙丁戊')}"
            command = register.CorrectError(
                filing=register.Filing(), person_id=one, changes={"name": name}
            )
            self.press("renamed", lambda _: change([one], name=name), filing.file_other,
                       kind=Kind.CORRECT, command=command, told=self.told(ground="戸籍の謄本"))  # fmt: skip

    def back(self):
        """Take any filing back; the office refuses all but the newest of its people."""
        standing = [key for key, at in self.filed.items() if at not in self.undone]
        if not standing:
            return
        filing_id = self.pick.choice(standing[-2:])
        try:
            self.counter.do(
                filing.take_back, day=self.day, filing_id=filing_id, ground="誤りのため"
            )
        except Refused:
            return
        self.taken.add("back")
        self.undone.add(self.filed[filing_id])

    def check(self):
        told_again = self.state()
        ever = {
            one
            for row in Filing.objects.all()
            for one in row.persons.values_list("person_id", flat=True)
        }
        rows = persons_of(ever)
        here = {key for key, one in rows.items() if one.status.is_resident
                and not (one.removed_sort and one.removed_sort <= self.day)}  # fmt: skip
        assert here == {key for key, one in told_again.items() if one["here"]}
        for key in here:
            row, said = rows[key], told_again[key]
            assert (row.name, row.address, row.household_no, row.is_householder) == (
                said["name"], said["address"], said["home"], said["head"]
            )  # fmt: skip
        # A filing that was taken back leaves no open task.
        gone = [key for key, at in self.filed.items() if at in self.undone]
        assert not Task.objects.filter(filing__in=gone, state="OPEN").exists()


@pytest.mark.parametrize("seed", SEEDS)
def test_m8_any_order_reads_as_a_plain_retelling(counter, seed):
    walk = Walk(counter, seed)
    for _ in range(STEPS):
        walk.step()
        walk.check()


def test_m8_every_verb_is_taken_somewhere(counter):
    """A walk in which everything is refused would prove nothing."""
    walk = Walk(counter, 99)
    wanted = {"move_in", "join", "within", "out", "dies", "renamed", "back"}
    for _ in range(200):
        walk.step()
        if walk.taken == wanted:
            break
    assert walk.taken == wanted
    walk.check()
