"""The script on a resident's own device says what the rule says, in a real Chromium (Q4)."""

import random
import string

import pytest

from madoguchi.advice.domain.pins import Judged, judge_pin
from madoguchi.advice.tests.test_pins import PLAN, SCRIPT

pytestmark = pytest.mark.browser


def texts_to_try(seed, count):
    """Texts near every border: right ones, broken ones, runs, days, other scripts."""
    dice = random.Random(seed)
    capitals, few = string.ascii_uppercase + string.digits, "01AO"
    wild = "aZ09 -Oi１Ａ٣ßあ\u200b𝟕İſK\n"
    for _ in range(count):
        kind = dice.randrange(6)
        length = dice.randrange(19)
        if kind == 0:
            yield f"{dice.randrange(10_000):04}"
        elif kind == 1:
            yield "".join(dice.choices(wild, k=length))
        elif kind == 2:
            yield "".join(dice.choices(few, k=length))
        elif kind == 3:
            start, step = dice.randrange(26), dice.choice((-1, 1))
            letters = (capitals[(start + step * n) % 26] for n in range(dice.randrange(7)))
            yield "".join(letters) + f"{dice.choice((1234, 987, 111, 19900412, 900412, 412)):04}"
        else:
            yield "".join(dice.choices(capitals, k=length))


def test_q4_the_script_on_the_device_says_what_the_rule_says(chromium):
    page = chromium.new_page()
    page.add_script_tag(content=SCRIPT.read_text(encoding="utf-8").split("\n(() => {")[0])
    for row in PLAN.secrets:
        tried = list(texts_to_try(20_261_127, 6_000))
        rule = {name: getattr(row, name) for name in
                ("letters", "digits", "both", "shortest", "longest", "advice")}  # fmt: skip
        found = page.evaluate(
            "([texts, rule]) => texts.map((text) => judgePin(text, rule))", [tried, rule]
        )
        for text, said in zip(tried, found, strict=True):
            wanted = judge_pin(text, row)
            assert Judged(**{k: tuple(v) for k, v in said.items()}) == wanted, text
        seen = {
            code
            for one in tried
            for code in (*judge_pin(one, row).against, *judge_pin(one, row).advice)
        }
        assert seen >= {"characters", "short", "long", "run", "day"}
    page.close()
