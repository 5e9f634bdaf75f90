"""``madoguchi moves triage | plan``: rules asked by file, without a database (転入の仕分けと計画).

``moves key | post``: this town's key, and one round of the exchange with other towns (町どうし).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from madoguchi.entry.cli.casefile import case_words, read_case_file
from madoguchi.entry.cli.verbs import Answer, Given, Verb, Words

_BLANK_TRIAGE: Mapping[str, Any] = {
    "case": None, "reason": None, "next_steps": [], "deadline": None, "source": None,
}  # fmt: skip
_BLANK_PLAN: Mapping[str, Any] = {"steps": [], "minutes_total": None, "follow_ups": []}


def _folder() -> str:
    from madoguchi.entry import environment

    return environment.text("MADOGUCHI_CARD_RULES", "")


def _triage(given: Given) -> Answer:
    from madoguchi.infra import clock
    from madoguchi.moves.queries.rulebook import answer_triage, triage_schema
    from madoguchi.web.messages import label

    if given.schema:
        return Answer(values={}, document=triage_schema())
    found = answer_triage(read_case_file(given), today=clock.today(), folder=_folder())
    if isinstance(found, tuple):
        return Answer(values=_BLANK_TRIAGE, problems=found)
    values: dict[str, Any] = {
        "case": found.case,
        "reason": label(kind="move_reason", code=found.key),
        "next_steps": [label(kind="move_step", code=one) for one in found.steps],
        "step_codes": list(found.steps),
        "deadline": found.deadline.isoformat() if found.deadline else None,
        "source": found.source,
        "row": found.key,
        "undecided": list(found.undecided),
    }
    if found.wish is not None:
        values["wish"] = {
            "code": found.wish.code, "on": found.wish_is_on,
            "words": label(kind="move_wish", code=found.wish.code),
            "office_minutes_saved": found.wish.office_minutes,
            "resident_days_saved": found.wish.resident_days, "source": found.wish.source,
        }  # fmt: skip
    return Answer(values=values)


def _plan(given: Given) -> Answer:
    from madoguchi.infra import clock
    from madoguchi.moves.queries.planning import answer_plan
    from madoguchi.moves.queries.rulebook import plan_schema
    from madoguchi.visits.queries.run_plans import plan_cards

    if given.schema:
        return Answer(values={}, document=plan_schema())
    found = answer_plan(
        read_case_file(given), today=clock.today(), folder=_folder(), plan_cards=plan_cards
    )
    if isinstance(found, tuple):
        return Answer(values=_BLANK_PLAN, problems=found)
    return Answer(values=_plan_values(found))


def _plan_values(found: Any) -> dict[str, Any]:
    from madoguchi.web.messages import label

    return {
        "steps": [
            {"person": one.person, "code": one.code, "desk": one.desk, "minutes": one.minutes,
             "words": label(kind="move_plan_step", code=one.code)}
            for one in found.steps
        ],
        "minutes_total": found.minutes,
        "follow_ups": [
            {
                "person": one.person, "code": one.code, "section": one.section,
                "due": one.due_on.isoformat() if one.due_on else None,
                "face_to_face": one.face_to_face,
                "papers": [label(kind="move_paper", code=paper) for paper in one.papers],
                "words": label(kind="move_follow_up", code=one.code), "source": one.source,
            }
            for one in found.follow_ups
        ],
    }  # fmt: skip


def _show_plan(values: Mapping[str, Any]) -> Iterator[str]:
    yield f"窓口で {values['minutes_total']}分"
    for one in values["steps"]:
        whose = f"（{one['person']}人目）" if one["person"] else ""
        yield f"  {one['minutes']:>2}分 {one['words']}{whose}"
    yield "関連課の用事"
    for one in values["follow_ups"]:
        whose = f"（{one['person']}人目）" if one["person"] else ""
        face = " 対面" if one["face_to_face"] else ""
        yield f"  {one['due'] or '':10} {one['words']}{whose}{face}"


def _show_triage(values: Mapping[str, Any]) -> Iterator[str]:
    yield f"{values['case']} {values['reason']}"
    for number, words in enumerate(values["next_steps"], start=1):
        yield f"  {number}. {words}"
    if values["deadline"]:
        yield f"期限 {values['deadline']}（この日まで）"
    if values["undecided"]:
        yield f"まだ聞いていないこと: {'、'.join(values['undecided'])}"
    if "wish" in values:
        wish = values["wish"]
        state = "使っている" if wish["on"] else "切"
        yield (
            f"町の要望（{state}）: {wish['words']}。"
            f"窓口{wish['office_minutes_saved']}分、住民{wish['resident_days_saved']}日が減る（想定）"
        )
    yield f"よりどころ: {values['source']}"


def _key_words(words: Words) -> None:
    words.add_argument("--make", type=Path, metavar="DIR",
                       help="make a new key in a folder that has none (鍵を作る)")  # fmt: skip


def _key(given: Given) -> Answer:
    from django.conf import settings

    from madoguchi.certificates.api import town_key
    from madoguchi.infra import clock

    public = town_key.make(given.make) if given.make else town_key.public_key()
    seal = town_key.seal_key(given.make)
    name = f"{settings.MADOGUCHI_TOWN_PREFECTURE}{settings.MADOGUCHI_TOWN_NAME}"
    return Answer(values={
        "code": settings.MADOGUCHI_TOWN_CODE, "name": name, "public": public.hex(),
        "seal": seal.hex(), "from": clock.today().isoformat(), "made": given.make is not None,
    })  # fmt: skip


def _show_key(values: Mapping[str, Any]) -> Iterator[str]:
    yield "相手の町の town_keys.toml に、文書と電話で確かめてから書いてもらう行："
    yield "[[key]]"
    for name in ("code", "name", "public", "seal", "from"):
        yield f'{name} = "{values[name]}"'
    yield "post = true"
    yield 'source = "(文書の番号と日付)"'


def _post(given: Given) -> Answer:
    del given
    from procrastinate.contrib.django import app

    from madoguchi.accounts.api import cli_actor
    from madoguchi.infra import clock
    from madoguchi.moves.queries.post import count_states, faults

    cli_actor("moves post")  # who asked for the round is written down; the round itself is the job
    before = count_states()
    app.tasks["moves.take_in"]()
    after, now = count_states(), clock.now()
    values = {
        "taken": after["taken"] - before["taken"], "sent": after["sent"] - before["sent"],
        "waiting_in": after["waiting_in"], "waiting_out": after["waiting_out"],
    }  # fmt: skip
    return Answer(values=values, problems=tuple(one.problem for one in faults(now=now)))


def _show_post(values: Mapping[str, Any]) -> Iterator[str]:
    yield f"受け取った知らせ {values['taken']}件、送った知らせ {values['sent']}件"
    yield f"人を待っている {values['waiting_in']}件、まだ送れていない {values['waiting_out']}件"


VERBS = (
    Verb(
        name="key",
        help="show this town's public key, or make one (町の鍵)",
        schema="madoguchi.town_key/1",
        run=_key,
        arguments=_key_words,
        show=_show_key,
        blank={
            "code": None,
            "name": None,
            "public": None,
            "seal": None,
            "from": None,
            "made": False,
        },
    ),
    Verb(
        name="post",
        help="exchange with other towns and the portal once (町どうしの送受信)",
        schema="madoguchi.post/1",
        run=_post,
        show=_show_post,
        blank={"taken": 0, "sent": 0, "waiting_in": 0, "waiting_out": 0},
    ),
    Verb(
        name="triage",
        help="which case an arrival is, what comes next, by when (転入の仕分け)",
        schema="madoguchi.triage/1",
        run=_triage,
        arguments=case_words,
        show=_show_triage,
        needs_database=False,
        blank=_BLANK_TRIAGE,
    ),
    Verb(
        name="plan",
        help="what a household's move sets off, at the desk and elsewhere (手続きの計画)",
        schema="madoguchi.plan/1",
        run=_plan,
        arguments=case_words,
        show=_show_plan,
        needs_database=False,
        blank=_BLANK_PLAN,
    ),
)
