"""Drafts as somebody at home would write them, for tests."""

from datetime import date

from hypothesis import strategies as st

from madoguchi.moves.domain.draft import Box, next_step, read_step
from madoguchi.moves.testing import FAMILY

TODAY = date(2026, 11, 27)
_RELATIONS = {"世帯主": "head", "妻": "wife", "子": "child", "母": "mother"}
_BIRTHS = ("1985-06-01", "1987-02-03", "2016-08-09", "2023-01-02", "1953-05-05")
HOME = {
    "moved_on": "2026-11-20", "postcode": "８９４１５０８", "building": "",
    "address": "鹿児島県大島郡瀬戸内町大字古仁屋船津23番地",
}  # fmt: skip


def family(count=5, **given):
    """Every answer of the Minato family, who moved out online and all have cards."""
    told = HOME | {
        "kind": "move_in", "came_from": "town", "moved_out": "online",
        "planned_out_on": "2026-11-18", "previous_address": "福岡県みどり市緑町5番6号",
        "notifier": "self", "people": str(count), "pin": "known",
    }  # fmt: skip
    for no, (name, kana, _birth, sex, relationship) in enumerate(FAMILY[:count], start=1):
        told |= {
            f"{no}_name": name, f"{no}_name_kana": kana, f"{no}_birth": _BIRTHS[no - 1],
            f"{no}_sex": sex, f"{no}_relationship": _RELATIONS[relationship],
            f"{no}_group": "JAPANESE", f"{no}_card": "present",
        }  # fmt: skip
    return told | {"1_insurance": "on", "1_pension": "on"} | given


def answered(given, *, today=TODAY, until=None):
    """Answer screen after screen from what is given, as one sitting at the phone does."""
    told, seen = {}, []
    while (step := next_step(told, today=today)) is not None and step.at != until:
        assert step.at not in seen, f"{step.at} is asked twice"
        seen.append(step.at)
        found = read_step(step, given, today=today)
        assert isinstance(found, dict), (step.at, found)
        told |= found
    return told, seen


@st.composite
def sittings(draw):
    """Answers to whatever is asked: any choice, any readable text, any day that may be."""
    told = {}
    names = st.text("港渚波岬髙吉アイウ", min_size=1, max_size=8)
    while (step := next_step(told, today=TODAY)) is not None:
        given = {}
        if step.choices:
            given[step.at] = draw(st.sampled_from(step.choices[:4]))
        for one in step.ticks:
            given[step.key(one)] = draw(st.sampled_from(("", "on")))
        for name, box in (step.boxes or {}).items():
            texts = {
                Box.TEXT: names, Box.KANA: names, Box.POSTCODE: st.just("894-1508"),
                Box.MOVED: st.sampled_from(("2026-11-20", "令和8年12月1日", "R8.11.1")),
                Box.BORN: st.sampled_from(("1985-06-01", "平成28年8月9日", "2026-11-27")),
            }  # fmt: skip
            given[step.key(name)] = draw(texts[box])
        found = read_step(step, given, today=TODAY)
        assert isinstance(found, dict), found
        told |= found
    return told
