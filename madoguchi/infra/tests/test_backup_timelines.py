"""After a failover the follower goes on where the new primary's log parts from the old one's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.infra.backup.timelines import Begin, read_history, where_to_begin

WHOLE = 16 << 20
HISTORY = """1\t0/8197BC0\tno recovery target specified

2\t0/852C928\tno recovery target specified
5\t1/0 x
"""


def name(timeline, number, *, begun=False):
    return f"{timeline:08X}{number // 256:08X}{number % 256:08X}" + (".partial" if begun else "")


def test_a_history_is_read():
    assert read_history(HISTORY) == {1: 0x8197BC0, 2: 0x852C928, 5: 1 << 32}
    assert read_history("") == {}


@pytest.mark.parametrize(
    ("names", "ended", "current", "found"),
    [
        # It has the whole of the piece in which they part, or has begun one after it: too far.
        ([name(5, 8)], {5: 0x8F5F3E0}, 6, Begin(drop=(name(5, 8),), piece=name(6, 8))),
        ([name(5, 7), name(5, 8), name(5, 9, begun=True)], {5: 0x8F5F3E0}, 6,
         Begin(drop=(name(5, 8), name(5, 9, begun=True)), piece=name(6, 8))),
        # It has begun that piece: the receiver changes timelines in it by itself.
        ([name(5, 7), name(5, 8, begun=True)], {5: 0x8F5F3E0}, 6, None),
        ([name(5, 7)], {5: 0x8F5F3E0}, 6, None),
        # Already there, or never anywhere else.
        ([name(6, 8, begun=True)], {5: 0x8F5F3E0}, 6, None),
        ([], {5: 0x8F5F3E0}, 6, None),
        (["00000006.history", "x"], {5: 0x8F5F3E0}, 6, None),
        # Two changes while it was away: in one piece the newest timeline has it, else the one between.
        ([name(1, 8)], {1: 0x8100000, 2: 0x8200000}, 3, Begin(drop=(name(1, 8),), piece=name(3, 8))),
        ([name(1, 8)], {1: 0x8100000, 2: 0x9200000}, 3, Begin(drop=(name(1, 8),), piece=name(2, 8))),
        # Beyond a file of four gibibytes.
        ([name(1, 300)], {1: 300 * WHOLE + 5}, 2, Begin(drop=(name(1, 300),), piece=name(2, 300))),
        # Of a database whose history knows nothing of it: left alone, and the receiver says so.
        ([name(9, 8)], {5: 0x8F5F3E0}, 6, None),
    ],
)  # fmt: skip
def test_where_a_follower_begins(names, ended, current, found):
    assert where_to_begin(names, ended=ended, current=current, whole=WHOLE) == found


@given(parting=st.integers(1, 5_000 * WHOLE), ahead=st.integers(0, 3), begun=st.booleans())
def test_it_never_begins_after_the_parting_and_drops_nothing_before_its_piece(
    parting, ahead, begun
):
    """Invariant B4: nothing that the new primary holds is skipped."""
    at = parting // WHOLE
    names = [name(1, number) for number in range(max(0, at - 2), at + ahead)]
    names += [name(1, at + ahead, begun=begun)]
    found = where_to_begin(names, ended={1: parting}, current=2, whole=WHOLE)
    ahead_of_it = (at + ahead + (not begun)) * WHOLE > parting
    assert (found is not None) is ahead_of_it
    if found is not None:
        assert found.piece == name(2, at)
        assert all(one[8:24] >= found.piece[8:] for one in found.drop)
        assert len(set(names) - set(found.drop)) == min(2, at)
