"""What every way of messages keeps: nothing half there, nothing lost by letting go (受け渡しの約束)."""

import hashlib
from datetime import timedelta

import pytest

from madoguchi.adapters.townpost.emulator import EmulatedPost
from madoguchi.adapters.townpost.folder import FolderPost
from madoguchi.infra import clock
from madoguchi.kernel.outcome import Unavailable
from madoguchi.moves.domain.messages import MESSAGE_BYTES_MAX

US, THEM = "465259", "465992"


class Pair:
    """Two towns and how the files get from the one to the other."""

    def __init__(self, ours, theirs, carry):
        self.ours, self.theirs, self.carry = ours, theirs, carry


@pytest.fixture(params=["by-hand", "emulated", "emulated with faults"])
def pair(request, tmp_path):
    if request.param == "by-hand":
        ours, theirs = FolderPost(tmp_path / US), FolderPost(tmp_path / THEM)

        def carry():
            """The officer takes the files out and puts them in over there."""
            inbox = tmp_path / THEM / "in"
            inbox.mkdir(parents=True, exist_ok=True)
            for one in (tmp_path / US / "out" / THEM).glob("*"):
                one.rename(inbox / one.name)

        return Pair(ours, theirs, carry)
    now = [clock.now()]
    made = [
        EmulatedPost(tmp_path / code, others=lambda to: tmp_path / to, now=lambda: now[0],
                     one_in=3 if "faults" in request.param else 0, seed=7)
        for code in (US, THEM)
    ]  # fmt: skip

    def carry():
        now[0] += timedelta(minutes=1)

    return Pair(*made, carry)


def insist(do):
    """Ask until there is an answer, as the job does each minute."""
    for _ in range(50):
        found = do()
        if not isinstance(found, Unavailable):
            return found
    raise AssertionError("never an answer")


def fetch(post):
    taken = {}
    for name in insist(post.waiting):
        data = insist(lambda name=name: post.read(name))
        taken[name] = data
        insist(
            lambda name=name, data=data: post.settle(name, sha256=hashlib.sha256(data).hexdigest())
        )
    return taken


def test_what_is_sent_comes_whole_and_once_its_name_is_asked_for_again(pair):
    for _ in range(2):
        insist(lambda: pair.ours.send(to=THEM, name="a.json", data=b"one"))
    insist(lambda: pair.ours.send(to=THEM, name="b.json", data=b"two"))
    pair.carry()
    taken = fetch(pair.theirs)
    assert set(taken.values()) == {b"one", b"two"} and {"a.json", "b.json"} <= set(taken)
    assert insist(pair.theirs.waiting) == ()
    assert insist(pair.ours.waiting) == ()


def test_a_file_that_changed_meanwhile_is_not_let_go_of(pair):
    insist(lambda: pair.ours.send(to=THEM, name="a.json", data=b"one"))
    pair.carry()
    assert "a.json" in insist(pair.theirs.waiting)
    assert isinstance(pair.theirs.settle("a.json", sha256="0" * 64), Unavailable)
    assert "a.json" in insist(pair.theirs.waiting)


def test_only_so_much_of_a_file_is_read_as_a_message_may_have(pair):
    insist(lambda: pair.ours.send(to=THEM, name="a.json", data=b"x" * (MESSAGE_BYTES_MAX + 9)))
    pair.carry()
    assert len(insist(lambda: pair.theirs.read("a.json"))) == MESSAGE_BYTES_MAX + 1


def test_what_is_being_written_and_what_is_no_file_are_not_there(tmp_path):
    post = FolderPost(tmp_path)
    assert post.waiting() == ()
    (tmp_path / "in" / ".half.json").write_bytes(b"half")
    (tmp_path / "in" / "folder").mkdir()
    (tmp_path / "in" / "link").symlink_to("/etc/passwd")
    assert post.waiting() == ()


def test_a_name_never_leaves_the_folder(tmp_path):
    post = FolderPost(tmp_path)
    for name in ("../a", "", ".a", "a/b"):
        with pytest.raises(AssertionError):
            post.read(name)
        with pytest.raises(AssertionError):
            post.send(to=THEM, name=name, data=b"")


def test_the_emulator_delays_loses_damages_and_doubles(tmp_path):
    now = [clock.now()]
    ours, theirs = (
        EmulatedPost(tmp_path / code, others=lambda to: tmp_path / to, now=lambda: now[0], one_in=0)
        for code in (US, THEM)
    )
    ours.make("lose", "damage", "twice")
    for name in ("a", "b", "c", "d"):
        assert ours.send(to=THEM, name=name, data=b"12345678") is None
    assert theirs.waiting() == ()  # still on its way
    now[0] += timedelta(minutes=1)
    assert {name: theirs.read(name) for name in theirs.waiting()} == {
        "b": b"1234", "c": b"12345678", "again-c": b"12345678", "d": b"12345678",
    }  # fmt: skip


def test_the_emulator_refuses_to_exist_in_earnest(settings, tmp_path):
    settings.MADOGUCHI_DEMO = False
    with pytest.raises(RuntimeError):
        EmulatedPost(tmp_path, others=lambda to: tmp_path / to)
