"""Backups: what is sealed comes back or is called damaged; what is restored is what was counted."""

import io
import tarfile
import threading
import time
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.infra import postgres
from madoguchi.infra.backup import place as places
from madoguchi.infra.backup import restoring, sealing, server, taking
from madoguchi.infra.backup.counting import count_at_rest
from madoguchi.infra.backup.place import Place, to_forget
from madoguchi.infra.backup.restoring import LogTooShort, differences, restore_files, restored
from madoguchi.infra.backup.sealing import Damaged, Sealer, unsealed
from madoguchi.infra.backup.server import Failed, Tools
from madoguchi.infra.clock import JAPAN

KEY, OTHER = bytes(range(32)), bytes(32)
NIGHT = datetime(2026, 11, 28, 2, 30, tzinfo=JAPAN)


def seal(path, *pieces):
    with Sealer(path, key=KEY) as out:
        for piece in pieces:
            out.write(piece)
    return out


def opened(path, key=KEY):
    return b"".join(unsealed(path, key=key))


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Pieces of some bytes instead of a mebibyte, so that a few hundred bytes are many pieces."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sealing, "_PIECE", 16)
        yield tmp_path_factory.mktemp("sealed")


@given(st.lists(st.binary(max_size=60), max_size=6))
def test_what_was_sealed_comes_back(small, pieces):
    """Invariant B1."""
    seal(small / "a", *pieces)
    assert opened(small / "a") == b"".join(pieces)


@given(st.data())
@settings(max_examples=60)
def test_no_change_goes_unseen(small, data):
    """Invariant B1: a bit turned, an end cut off or grown, a piece dropped, doubled or moved."""
    path = small / "b"
    seal(path, data.draw(st.binary(min_size=1, max_size=200)))
    whole = path.read_bytes()
    head, pieces = whole[:24], [whole[i : i + 32] for i in range(24, len(whole), 32)]
    how = data.draw(st.sampled_from(["bit", "cut", "grow", "drop", "double", "swap"]))
    at = data.draw(st.integers(0, len(pieces) - 1))
    if how == "bit":
        place, bit = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(0, 7))
        changed = bytearray(whole)
        changed[place] ^= 1 << bit
    elif how == "cut":
        changed = whole[: data.draw(st.integers(0, len(whole) - 1))]
    elif how == "grow":
        changed = whole + data.draw(st.binary(min_size=1, max_size=70))
    elif how == "drop":
        changed = head + b"".join(pieces[:at] + pieces[at + 1 :])
    elif how == "double":
        changed = head + b"".join(pieces[: at + 1] + pieces[at:])
    else:
        changed = head + b"".join(pieces[at:] + pieces[:at])
        if changed == whole:
            changed = whole[:-1]
    path.write_bytes(bytes(changed))
    with pytest.raises(Damaged):
        opened(path)


def test_what_packs_well_is_opened_in_small_parts(tmp_path):
    with Sealer(tmp_path / "a", key=KEY) as out:
        for _ in range(64):
            out.write(bytes(1 << 20))
    sizes = [len(part) for part in unsealed(tmp_path / "a", key=KEY)]
    assert sum(sizes) == 64 << 20 and max(sizes) <= 1 << 20


def test_another_key_and_another_name_open_nothing(tmp_path):
    seal(tmp_path / "a", b"x")
    with pytest.raises(Damaged):
        opened(tmp_path / "a", key=OTHER)
    (tmp_path / "a").rename(tmp_path / "b")
    with pytest.raises(Damaged):
        opened(tmp_path / "b")


def test_a_cut_leaves_no_file_under_the_name(tmp_path):
    with pytest.raises(ZeroDivisionError), Sealer(tmp_path / "a", key=KEY) as out:
        out.write(b"x" * 9)
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_a_backlog_is_sealed_whole_and_its_newest_last(tmp_path, monkeypatch):
    """Whoever waits for the newest piece may take it that all before it lie there."""
    spool, place = tmp_path / "spool", Place(tmp_path / "place")
    spool.mkdir()
    place.make()
    names = [f"0000000200000000{number:08X}" for number in range(9)]
    for name in names:
        (spool / name).write_bytes(name.encode() * 1_000)
    for name in ("00000002.history", f"{9:024X}.partial"):
        (spool / name).write_bytes(b"x")
    seen = []
    whole = server.Sealer.__exit__

    def noted(sealer, *what):
        whole(sealer, *what)
        seen.append(sealer._path.name.removesuffix(".sealed"))

    monkeypatch.setattr(server.Sealer, "__exit__", noted)
    assert set(server.seal_log(spool, place, key=KEY)) == {*names, "00000002.history"}
    assert seen[-1] == names[-1] and sorted(seen) == sorted({*names, "00000002.history"})
    assert all(opened(place.log / f"{name}.sealed") == name.encode() * 1_000 for name in names)
    # Only what tells the receiver where to go on is left, and nothing is sealed again.
    left = {path.name for path in spool.iterdir()}
    assert left == {names[-1], f"{9:024X}.partial", "00000002.history"}
    assert server.seal_log(spool, place, key=KEY) == ()


def test_a_key_is_never_overwritten_and_a_wrong_one_is_told(tmp_path):
    sealing.make_key(tmp_path / "k")
    assert len(sealing.read_key(tmp_path / "k")) == 32
    assert (tmp_path / "k").stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        sealing.make_key(tmp_path / "k")
    for text in ("", "zz" * 32, "ab" * 31, "あ"):
        (tmp_path / "w").write_text(text)
        with pytest.raises(ValueError, match="w: "):
            sealing.read_key(tmp_path / "w")


@given(st.sets(st.integers(0, 99)), st.integers(1, 20))
def test_the_newest_are_kept(numbers, keep):
    ids = [f"20260101-{n:06d}" for n in numbers]
    gone = to_forget(ids, keep=keep)
    left = sorted(set(ids) - set(gone))
    assert len(left) == min(keep, len(ids)) and all(one < left[0] for one in gone)


def test_what_was_cut_while_it_was_taken_is_cleared_away_and_nothing_else(tmp_path):
    """The night's base of a stopped service would lie there for good, as large as a whole one."""
    place = Place(tmp_path)
    place.make()
    for base_id, names in (
        ("20260101-023000", ["base.tar.sealed.part"]), ("20260102-023000", []),
        ("20260103-023000", [places.MANIFEST]), ("20260104-023000", ["base.tar.sealed"]),
        ("notes", ["a"]),
    ):  # fmt: skip
        (place.folder / "base" / base_id).mkdir()
        for name in names:
            (place.folder / "base" / base_id / name).touch()
    # One that is being taken by somebody else right now is left alone.
    before = datetime(2026, 1, 4, 2, 30, tzinfo=JAPAN)
    assert place.halves(before=before) == ("20260101-023000", "20260102-023000")


@pytest.mark.parametrize(
    ("name", "kind"),
    [("../out", tarfile.REGTYPE), ("/out", tarfile.REGTYPE), ("a/../../out", tarfile.REGTYPE),
     ("link", tarfile.SYMTYPE), ("pipe", tarfile.FIFOTYPE)],
)  # fmt: skip
def test_nothing_is_unpacked_beside_its_folder(tmp_path, name, kind):
    member = tarfile.TarInfo(name)
    member.type, member.linkname, member.size = kind, "../out", 1 if kind == tarfile.REGTYPE else 0
    path = tmp_path / "files.tar.sealed"
    with Sealer(path, key=KEY) as out, tarfile.open(fileobj=out, mode="w|") as tar:
        tar.addfile(member, io.BytesIO(b"x"))
    (tmp_path / "in").mkdir()
    with pytest.raises(Damaged):
        restoring._pour(path, into=tmp_path / "in", key=KEY)
    assert not list(tmp_path.glob("**/out")) and not (tmp_path.parent / "out").exists()


# -- with a real server --------------------------------------------------------------------------


class Town:
    """A small database with its tools, a place for its backups, and scratch homes."""

    def __init__(self, folder):
        self.folder = folder
        self.home = folder / "home"
        self.server = postgres.use(self.home)
        (self.home / "keys").mkdir()
        (self.home / "keys" / "signer.pem").write_text("a key")
        with psycopg.connect(self.server.url) as connection:
            version = connection.info.server_version // 10_000
            connection.execute("CREATE TABLE people (n int PRIMARY KEY, name text)")
            connection.execute(
                "INSERT INTO people SELECT n, md5(n::text) FROM generate_series(1, 500) n"
            )
        binaries = postgres.reachable(postgres.find_binaries(version), postgres.server_account())
        self.tools = Tools(self.server.url, binaries.folder)
        self.place = Place(folder / "place")
        self.scratches = []

    def run(self, statement):
        with psycopg.connect(self.server.url, autocommit=True) as connection:
            connection.execute(statement)

    def take(self, now=NIGHT):
        return taking.take_base(self.tools, self.place, key=KEY, home=self.home, now=now)

    def fetch(self):
        segment = self.tools.close_segment()
        taking.fetch_until(
            self.tools, self.place, segment, key=KEY, spool=self.home / "backup-spool"
        )

    def scratch(self):
        home = self.folder / f"scratch-{len(self.scratches)}"
        home.mkdir()
        self.scratches.append(home)
        return home


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    one = Town(tmp_path_factory.mktemp("backup"))
    yield one
    one.server.leave()


@pytest.fixture(scope="module")
def base(town):
    manifest = town.take()
    town.run("INSERT INTO people VALUES (1001, 'after')")
    town.fetch()
    return manifest


def test_what_is_restored_is_what_was_counted_and_the_files_with_it(town, base):
    """Invariant B2."""
    home = town.scratch()
    restore_files(town.place, base.base_id, key=KEY, home=home)
    with restored(town.place, base.base_id, key=KEY, home=home) as found:
        counted = found.count()
    assert differences(base.counted, counted) == ()
    assert counted.sha256 == base.counted.sha256 and base.tables["public.people"][0] == 500
    assert (home / "keys" / "signer.pem").read_text() == "a key"
    assert not list(home.glob("backup-*"))


def test_to_the_end_of_the_log_nothing_committed_is_missing(town, base):
    with restored(town.place, base.base_id, key=KEY, home=town.scratch(), newest=True) as found:
        counted = found.count()
        assert differences(base.counted, counted) == ("public.people",)
        assert counted.tables["public.people"][0] == 501
    # The restored home is a home: it starts by itself, with the same password.
    server = postgres.use(town.scratches[-1])
    with psycopg.connect(server.url) as connection:
        assert connection.execute("SELECT name FROM people WHERE n = 1001").fetchone() == ("after",)
    server.leave()


def test_a_server_whose_settings_lie_elsewhere_is_restored_too(town, base, monkeypatch):
    """As on Debian, where they are in /etc: the base holds none of them."""
    whole = restoring._pour

    def without_settings(path, **given):
        whole(path, **given)
        for name in ("postgresql.conf", "pg_hba.conf", "pg_ident.conf"):
            (given["into"] / name).unlink()

    monkeypatch.setattr(restoring, "_pour", without_settings)
    with restored(town.place, base.base_id, key=KEY, home=town.scratch()) as found:
        assert differences(base.counted, found.count()) == ()


def test_a_server_of_three_machines_is_restored_alone(town, base, monkeypatch):
    """Patroni leaves in the data what belongs to its node: paths, a standby that commits wait for."""
    whole = restoring._pour

    def as_patroni_leaves_it(path, **given):
        whole(path, **given)
        (given["into"] / "postgresql.conf").write_text(
            "include 'postgresql.base.conf'\nhba_file = '/nowhere/pg_hba.conf'\nssl = on\n"
            "ssl_key_file = '/nowhere/key.pem'\nsynchronous_standby_names = '*'\n"
        )
        (given["into"] / "postgresql.auto.conf").write_text("synchronous_standby_names = 'b'\n")
        (given["into"] / "pg_hba.conf").write_text("local all postgres peer\n")

    monkeypatch.setattr(restoring, "_pour", as_patroni_leaves_it)
    with restored(town.place, base.base_id, key=KEY, home=town.scratch()) as found:
        assert differences(base.counted, found.count()) == ()
        with psycopg.connect(found.url, autocommit=True) as line:
            line.execute("SET statement_timeout = '5s'")
            line.execute("INSERT INTO people VALUES (5001, 'alone')")


def test_a_moment_the_log_does_not_reach_is_told(town, base):
    home, later = town.scratch(), NIGHT.replace(year=2099)
    with pytest.raises(LogTooShort), restored(town.place, base.base_id, key=KEY, home=home, until=later):  # fmt: skip
        pass


@pytest.mark.parametrize("which", ["base", "files", "manifest", "log", "log lost"])
def test_every_damaged_file_is_found(town, base, which):
    """Invariant B3."""
    folder = town.place.base(base.base_id)
    # The piece in which the counted moment lies: without it the restore does not get there.
    piece = town.tools.ask("SELECT pg_walfile_name(%s::pg_lsn)", base.lsn)
    path = {"base": folder / places.BASE, "files": folder / places.FILES,
            "manifest": folder / places.MANIFEST}.get(which, town.place.log / f"{piece}.sealed")  # fmt: skip
    whole = path.read_bytes()
    try:
        if which == "log lost":
            path.unlink()
        else:
            changed = bytearray(whole)
            changed[len(whole) // 2] ^= 1
            path.write_bytes(bytes(changed))
        home = town.scratch()
        with pytest.raises(LogTooShort if which == "log lost" else Damaged):
            restore_files(town.place, base.base_id, key=KEY, home=home)
            with restored(town.place, base.base_id, key=KEY, home=home):
                pass
    finally:
        path.write_bytes(whole)


def test_a_follower_seals_what_is_written_and_is_the_only_one(town, base):
    """Invariant B4: with the closing time of the log, no committed row is older than it unsealed."""
    stop = threading.Event()
    spool = town.home / "backup-spool"

    def run():
        taking.follow(town.tools, town.place, key=KEY, spool=spool, stopping=stop.is_set,
                      close_seconds=0.2)  # fmt: skip

    following = threading.Thread(target=run)
    following.start()
    try:
        before = len(town.place.segments())
        town.run("INSERT INTO people VALUES (1002, 'while following')")
        until = time.monotonic() + 30
        while len(town.place.segments()) == before:
            assert time.monotonic() < until
            time.sleep(0.05)
        with pytest.raises(Failed, match="another process"):
            taking.follow(town.tools, town.place, key=KEY, spool=spool, stopping=lambda: True)
        # A base is taken beside the follower, which fetches the log for it.
        beside = town.take(now=NIGHT.replace(day=29))
    finally:
        stop.set()
        following.join()
    assert beside.tables["public.people"][0] == 502
    town.place.forget([base.base_id], key=KEY)
    assert town.place.bases() == (beside.base_id,)
    assert min(town.place.segments()) == beside.first_segment
    with restored(town.place, beside.base_id, key=KEY, home=town.scratch()) as found:
        assert differences(beside.counted, found.count()) == ()


@pytest.mark.parametrize("left", [1, 1 << 20, (16 << 20) - 1])
def test_a_follower_killed_while_it_made_room_for_a_piece_goes_on(town, base, left):
    """Invariant B4: by ``kill -9`` or a full disk; nothing of that piece was ever called fetched."""
    town.fetch()
    spool = town.home / "backup-spool"
    open_one = town.tools.ask("SELECT pg_walfile_name(pg_current_wal_insert_lsn())")
    (spool / f"{open_one}.partial").write_bytes(bytes(left))
    before = len(town.place.segments())
    town.run("INSERT INTO people SELECT 2000 + count(*), 'after the kill' FROM people")
    town.fetch()
    assert len(town.place.segments()) > before
    newest = town.place.bases()[-1]
    with restored(town.place, newest, key=KEY, home=town.scratch(), newest=True) as found:
        counted, there = found.count(), count_at_rest(town.server.url)
    assert counted.tables["public.people"] == there.tables["public.people"]


def test_a_count_minds_no_setting_of_the_server(town):
    town.run("CREATE TABLE moments (at timestamptz, lasted interval, size float8, raw bytea)")
    town.run("INSERT INTO moments VALUES (now(), '1 day 2 hours', 0.1, 'x')")
    before = count_at_rest(town.server.url)
    for setting in ("timezone = 'Asia/Tokyo'", "datestyle = 'German'", "intervalstyle = 'postgres'",
                    "extra_float_digits = 0", "bytea_output = 'escape'"):  # fmt: skip
        town.run(f"ALTER DATABASE madoguchi SET {setting}")
    assert (
        count_at_rest(town.server.url).tables["public.moments"] == before.tables["public.moments"]
    )


def test_a_count_belongs_to_one_moment(town):
    one, two = count_at_rest(town.server.url), count_at_rest(town.server.url)
    assert one.sha256 == two.sha256
    town.run("UPDATE people SET name = 'x' WHERE n = 1")
    town.run("UPDATE people SET name = 'y' WHERE n = 2")
    three = count_at_rest(town.server.url)
    assert three.rows == one.rows and differences(one, three) == ("public.people",)


def test_nothing_sealed_can_be_read_in_the_place(town):
    town.run("INSERT INTO people VALUES (1003, 'みなとのなまえ')")
    town.fetch()
    sealed = [path for path in Path(town.place.folder).rglob("*") if path.is_file()]
    assert sealed and not any("みなと".encode() in path.read_bytes() for path in sealed)
