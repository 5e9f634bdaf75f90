"""A folder of files that the officer puts in and takes out (手で運ぶ送受信).

``<folder>/in`` is read, ``<folder>/out/<団体コード>`` is written. By which way the files travel
between (a stick, LGWAN, a shared folder) is the town's. A file counts when its name does not begin
with a dot: whoever copies writes under such a name first and renames.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from madoguchi.kernel.outcome import Unavailable
from madoguchi.moves.domain.messages import MESSAGE_BYTES_MAX

#: Nothing can be read or written; the page says so after a while.
NO_FOLDER = "NO_FOLDER"
FILES_MAX = 200


class FolderPost:
    """The ports ``TownPost`` and ``Portal`` over one folder (受け渡しのフォルダー)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def waiting(self) -> tuple[str, ...] | Unavailable:
        """See the port (届いたファイル)."""
        inbox = self._folder / "in"
        try:
            inbox.mkdir(mode=0o700, parents=True, exist_ok=True)
            found = [one for one in os.scandir(inbox) if self._is_file(one)]
            times = {one.name: one.stat().st_mtime for one in found}
        except OSError:
            return Unavailable(reason=NO_FOLDER)
        return tuple(sorted(times, key=lambda name: (times[name], name))[:FILES_MAX])

    def read(self, name: str) -> bytes | Unavailable:
        """See the port (読取り)."""
        try:
            with (self._folder / "in" / self._plain(name)).open("rb") as file:
                return file.read(MESSAGE_BYTES_MAX + 1)
        except OSError:
            return Unavailable(reason=NO_FOLDER)

    def settle(self, name: str, *, sha256: str) -> Unavailable | None:
        """See the port: what was written over meanwhile is another file and stays (受取り済み)."""
        path = self._folder / "in" / self._plain(name)
        data = self.read(name)
        if isinstance(data, Unavailable) or hashlib.sha256(data).hexdigest() != sha256:
            return Unavailable(reason=NO_FOLDER)
        try:
            path.unlink(missing_ok=True)
        except OSError:
            return Unavailable(reason=NO_FOLDER)
        return None

    def send(self, *, to: str, name: str, data: bytes) -> Unavailable | None:
        """See the port (送信): whole or not at all, under a name that is the message's own."""
        return write_whole(self._folder / "out" / self._plain(to), self._plain(name), data)

    @staticmethod
    def _is_file(one: os.DirEntry[str]) -> bool:
        return not one.name.startswith(".") and one.is_file(follow_symlinks=False)

    @staticmethod
    def _plain(name: str) -> str:
        assert name and "/" not in name and not name.startswith("."), name
        return name


def write_whole(folder: Path, name: str, data: bytes) -> Unavailable | None:
    """Write a file so that it is there whole or not at all, even when the power goes (書込み)."""
    draft = folder / f".{name}.{os.getpid()}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(folder / name)
    except OSError:
        return Unavailable(reason=NO_FOLDER)
    return None
