"""The demo's boxes: every planted card is stopped for what was planted, every other is right."""

from collections import Counter

import pytest

from madoguchi.cards.domain.faults import FaultCode as F
from madoguchi.cards.models import Box, BoxLine, Card, Fault
from madoguchi.entry import demo, demo_box
from madoguchi.register.api import persons_of
from madoguchi.town.api import NAMED


@pytest.mark.django_db(transaction=True)
def test_the_demo_has_a_box_on_the_shelves_and_one_waiting(settings, tmp_path):
    settings.MADOGUCHI_HOME, settings.MADOGUCHI_DEMO = tmp_path, True
    demo._fill(residents=300, seed=1)
    demo_box.fill()
    demo_box.fill()  # a second start makes nothing twice
    assert [(one.box_no, one.counted_in) for one in Box.objects.order_by("box_no")] == [
        ("DEMO-001", 41), ("DEMO-002", 40),
    ]  # fmt: skip
    assert Card.objects.filter(box="DEMO-001").count() == 41
    assert not Card.objects.filter(box="DEMO-002").exists()
    # One card of the waiting box's list lies in the other, so it is counted without it.
    assert BoxLine.objects.filter(box="DEMO-002").count() == 41
    found = Counter(Fault.objects.values_list("code", flat=True))
    assert found == {
        F.PROTECTED: 1, F.DIED: 1, F.MOVED_OUT: 1, F.MOVED: 1, F.UNSURE: 1, F.EXPIRED: 1,
        F.TWO_CARDS: 2, F.FACE: 1, F.NOT_LISTED: 1, F.NOBODY: 1,
        F.WRONG_BOX: 1,
    }  # fmt: skip
    stopped = set(Card.objects.filter(state="WRONG").values_list("card_id", flat=True))
    assert stopped == set(Fault.objects.values_list("card_id", flat=True))
    named = [NAMED[key].person_id for key in demo_box.NAMED_HOLDERS]
    holders = set(Card.objects.values_list("person_id", flat=True))
    assert set(named) <= holders
    assert set(persons_of(named)) == set(named)
