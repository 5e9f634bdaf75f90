"""What the desk presses and types, as values (入力)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from madoguchi.kernel.dates import parse_day
from madoguchi.kernel.outcome import Problem
from madoguchi.kernel.text import check_free_text
from madoguchi.moves.actions.residents import Pressed
from madoguchi.moves.domain.case import Card
from madoguchi.moves.domain.draft import read_code
from madoguchi.moves.domain.drafted import ONCE
from madoguchi.moves.domain.filing import (
    Arrival,
    Arriving,
    Evidence,
    Kind,
    MoveIn,
    Notifier,
    Said,
    Shelter,
    Told,
)
from madoguchi.moves.domain.notices import (
    FOREIGN_ITEMS,
    NAMES_BESIDE,
    PERSON_ITEMS,
    Expectation,
    Expected,
)
from madoguchi.moves.queries.papers import is_code
from madoguchi.register.api import PersonRow
from madoguchi.web.forms import DayField, offer
from madoguchi.web.messages import label

TOWN_MAX, VALUE_MAX = 40, 200
#: As long as a line of the letter holds.
ASKED_MAX = 60
#: What is ticked at the counter, by the names of the filing; which of them depends on the arrival.
TICKS: Mapping[Arrival, tuple[str, ...]] = {
    Arrival.SPECIAL: ("card_and_pin_shown",),
    Arrival.PAPER: ("certificate_seen",),
    Arrival.ABROAD: ("passports_seen",),
    Arrival.UNREGISTERED: (),
}
#: What other sections have to know of somebody, by the names of a plan's fields.
FACTS: Mapping[str, Any] = {
    "insurance": "national", "pension": "national", "care_certified": True, "pregnant": True,
    "disability": True, "wants_nursery": True, "wants_seal": True,
}  # fmt: skip


class LetterForm(forms.Form):
    """To which town a request goes, and by when the move is filed (請求書の入力)."""

    old_town = forms.CharField(label="前の市区町村", max_length=TOWN_MAX)
    moved_in_on = DayField(label="住み始めた日", required=False)

    def clean_old_town(self) -> str:
        """Refuse what could not be drawn or is no name of a town."""
        text = str(self.cleaned_data["old_town"]).strip()
        for problem in check_free_text(text, limit=TOWN_MAX, where="old_town"):
            raise forms.ValidationError("", code=problem.code, params=dict(problem.facts))
        return text


class RequestForm(LetterForm):
    """Whose certificate is asked for, where we send the request (送る請求の入力)."""

    moved_in_on = DayField(label="住み始めた日")
    name = forms.CharField(label="氏名", max_length=TOWN_MAX)
    birth = DayField(label="生年月日")
    previous_address = forms.CharField(label="前の住所", max_length=ASKED_MAX)
    #: Of a town that takes no messages: what the letter says, and where its hall is.
    new_address = forms.CharField(label="新しい住所", max_length=ASKED_MAX, required=False)
    postcode = forms.CharField(label="前の役所の郵便番号", max_length=8, required=False)
    office = forms.CharField(label="前の役所の住所", max_length=ASKED_MAX, required=False)
    asked = forms.BooleanField(
        label="支援措置を受けていないか、頼みたくないかを聞いた。あてはまらない", required=False
    )


class OpenForm(forms.Form):
    """How a family moves in, with its draft and the old town's file where there are (受付の始まり)."""

    #: What was scanned of a 転出証明書 before this press.
    pieces = forms.CharField(max_length=60_000, required=False, widget=forms.HiddenInput)
    accepted = forms.BooleanField(label="紙の印字と公印を見て、同じ内容だった", required=False)
    code = forms.CharField(label="転出証明書のQRコード・家での下書きの番号", max_length=1_200, required=False,
                           widget=forms.TextInput(attrs={"data-scan": True, "spellcheck": "false"}),
                           help_text="QRコードを1枚ずつ読むか、番号を打って Enter。なければ空のまま")  # fmt: skip
    arrival = forms.ChoiceField(label="どの転入か", widget=forms.RadioSelect)
    count = forms.IntegerField(label="何人か", min_value=1, max_value=20, initial=1)
    notice = forms.FileField(label="転出証明書情報のファイル", required=False,
                             help_text="JSON（madoguchi.move_out/1）かCSV。あれば、人数はファイルのとおり")  # fmt: skip
    protected = forms.BooleanField(label="支援措置の家族", required=False)

    def clean_code(self) -> str:
        """Return a draft's code as it was given out or a paper's as scanned, "" for nothing."""
        text = str(self.cleaned_data["code"]).strip()
        if is_code(text):
            return text
        found = read_code(text) if text else ""
        if found is None:
            raise forms.ValidationError("", code="MOVE_DRAFT_UNKNOWN")
        return found

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "arrival", [(one.value, label(kind="move_arrival", code=one.value))
                                for one in Arrival])  # fmt: skip


def read_move(
    given: Mapping[str, str], expected: Expectation, *, today: date
) -> MoveIn | tuple[Problem, ...]:
    """Return the 転入届 that was pressed; only what differs is said anew (転入届の読取り)."""
    problems: list[Problem] = []
    filed_on = parse_day(given.get("filed_on") or today.isoformat(), where="filed_on")
    planned = parse_day(given["planned_out_on"]) if given.get("planned_out_on") else None
    for one in (filed_on, planned):
        if isinstance(one, Problem):
            problems.append(one)
    notifier = given.get("notifier", "")
    if notifier not in set(Notifier):
        problems.append(Problem(code="BAD_INPUT", where="notifier"))
    if problems or isinstance(filed_on, Problem) or isinstance(planned, Problem):
        return tuple(problems)
    category = given.get("shelter", "")
    return MoveIn(
        arrival=expected.arrival,
        told=Told(
            filed_on=filed_on, notifier=Notifier(notifier), identity_seen="identity_seen" in given,
            proxy_letter="proxy_letter" in given, signed="signed" in given,
            delay_reason=_text(given, "delay_reason"), present="absent" not in given,
        ),
        once=read_once(given, expected),
        moved_on=_text(given, "moved_on"), postcode=_text(given, "postcode"),
        address=_text(given, "address"), building=_text(given, "building"),
        previous_address=_text(given, "previous_address"),
        last_registered=_text(given, "last_registered"), planned_out_on=planned,
        household_no=_text(given, "household_no"),
        people=tuple(_arriving(given, one) for one in expected.people),
        card_and_pin_shown="card_and_pin_shown" in given,
        certificate_seen="certificate_seen" in given, passports_seen="passports_seen" in given,
        residence_cards_seen="residence_cards_seen" in given,
        shelter=Shelter(category=category) if category else None,
    )  # fmt: skip


def read_once(
    given: Mapping[str, str], expected: Expectation, *, asked: Iterable[str] = ONCE
) -> dict[str, Said]:
    """Return on what days and addresses rest: told before and left so, or said now (出どころ)."""
    found = {}
    for name in asked:
        # A household's page calls the day of moving by the name of any filing's day.
        asked_as = "happened_on" if name == "moved_on" and "happened_on" in given else name
        value, before = _text(given, asked_as), expected.once.get(name)
        if before is not None and value == before.value:
            found[name] = before
        elif value:
            found[name] = Said(value=value, evidence=Evidence.SAID, differs=before is not None)
    return found


def _arriving(given: Mapping[str, str], one: Expected) -> Arriving:
    items: dict[str, Said] = {}
    for name in (*PERSON_ITEMS, "nationality_group", *FOREIGN_ITEMS, *NAMES_BESIDE):
        before = one.items.get(name)
        text = given.get(f"{one.no}_{name}")
        # A field that was not shown to be changed stays as the old town told it.
        value = before.value if text is None and before else (text or "").strip()[:VALUE_MAX]
        if before is not None and value == before.value:
            items[name] = before
        elif value or before is not None:
            items[name] = Said(value=value, evidence=Evidence.SAID, differs=before is not None)
    facts = {name: value for name, value in FACTS.items() if f"{one.no}_{name}" in given}
    return Arriving(
        no=one.no, items=items, person_id=_text(given, f"{one.no}_person_id")[:15],
        card=Card.PRESENT if f"{one.no}_card" in given else Card.NONE, facts=facts,
    )  # fmt: skip


def _text(given: Mapping[str, str], name: str) -> str:
    return given.get(name, "").strip()[:VALUE_MAX]


def read_pressed(
    given: QueryDict, *, kind: Kind, members: Iterable[PersonRow], today: date
) -> Pressed | tuple[Problem, ...]:
    """Return the filing that was pressed for people who live here (在住者の届出の読取り)."""
    known = [one.person_id for one in members]
    chosen = tuple(one for one in known if one in set(given.getlist("person")))
    told = {name: str(value) for name, value in given.items()}
    filed_on = parse_day(told.get("filed_on") or today.isoformat(), where="filed_on")
    problems = [filed_on] if isinstance(filed_on, Problem) else []
    notifier = told.get("notifier", Notifier.SELF.value)
    if notifier not in set(Notifier):
        problems.append(Problem(code="BAD_INPUT", where="notifier"))
    stays = kind is Kind.HOUSEHOLD and "stays" in told
    if stays:
        chosen = tuple(one for one in known if _text(told, f"as_{one}"))
    if not chosen:
        code = "MOVE_NO_STANDING" if stays else "NOBODY_CHOSEN"
        problems.append(Problem(code=code, where="person"))
    if problems or isinstance(filed_on, Problem):
        return tuple(problems)
    texts = {name: _text(told, name) for name in (
        "happened_on", "postcode", "address", "building", "to", "to_town", "household_no")}  # fmt: skip
    return Pressed(
        kind=kind, person_ids=chosen, abroad="abroad" in told, stays=stays, **texts,
        relationships={one: _text(told, f"as_{one}") for one in chosen},
        told=Told(
            filed_on=filed_on, notifier=Notifier(notifier), identity_seen="identity_seen" in told,
            proxy_letter="proxy_letter" in told, signed="signed" in told,
            delay_reason=_text(told, "delay_reason"), ground=_text(told, "ground"),
            present="absent" not in told,
        ),
    )  # fmt: skip
