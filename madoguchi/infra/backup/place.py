"""Where backups lie: bases, the log since, reports (バックアップの置き場).

PLACE/base/20261128-023000/{base.tar,files.tar,manifest}.sealed
PLACE/log/000000010000000000000007.sealed
PLACE/reports/20261128-023000.json      what a restore found; nothing of anybody in it
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from madoguchi.infra.backup.counting import Counted
from madoguchi.infra.backup.sealing import Damaged, Sealer, unsealed
from madoguchi.infra.clock import JAPAN

_ID = re.compile(r"[0-9]{8}-[0-9]{6}")
_SEGMENT = re.compile(r"[0-9A-F]{24}")
_HISTORY = re.compile(r"[0-9A-F]{8}\.history")
BASE, FILES, MANIFEST = "base.tar.sealed", "files.tar.sealed", "manifest.sealed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a base holds, sealed beside it (目録)."""

    base_id: str
    taken_at: str
    server: str
    user: str
    #: Of the database's own account: a restored server asks for it again.
    password: str
    database: str
    first_segment: str
    lsn: str
    tables: Mapping[str, tuple[int, str]]
    sums: Mapping[str, str]
    sizes: Mapping[str, int]

    @property
    def counted(self) -> Counted:
        """What was counted when it was taken (件数)."""
        return Counted(lsn=self.lsn, tables={k: (v[0], v[1]) for k, v in self.tables.items()})


@dataclass(frozen=True, slots=True)
class Place:
    """A folder of backups, best on another machine (置き場)."""

    folder: Path

    def base(self, base_id: str) -> Path:
        """Return the folder of one base (ベースの置き場)."""
        assert _ID.fullmatch(base_id), base_id
        return self.folder / "base" / base_id

    @property
    def log(self) -> Path:
        """The folder of the log (ログの置き場)."""
        return self.folder / "log"

    @property
    def reports(self) -> Path:
        """The folder of reports (報告の置き場)."""
        return self.folder / "reports"

    def make(self) -> None:
        """Make the folders (用意)."""
        for one in (self.folder / "base", self.log, self.reports):
            one.mkdir(mode=0o700, parents=True, exist_ok=True)

    def bases(self) -> tuple[str, ...]:
        """List the whole bases, the oldest first; one without its manifest is none (ベースの一覧)."""
        found = (self.folder / "base").glob(f"*/{MANIFEST}")
        return tuple(sorted(p.parent.name for p in found if _ID.fullmatch(p.parent.name)))

    def halves(self, *, before: datetime) -> tuple[str, ...]:
        """List what was cut while it was taken, begun before a moment: it is no base and never will be (半端なベース)."""
        found = (one.name for one in (self.folder / "base").iterdir() if one.is_dir())
        return tuple(sorted(one for one in found if _ID.fullmatch(one) and one < new_id(before)
                            and not (self.base(one) / MANIFEST).exists()))  # fmt: skip

    def segments(self, *, since: str = "") -> tuple[str, ...]:
        """List the log's pieces from one on, and the histories of the server (ログの一覧)."""
        names = [p.name.removesuffix(".sealed") for p in self.log.glob("*.sealed")]
        return tuple(
            sorted(n for n in names if (_SEGMENT.fullmatch(n) and n[8:] >= since[8:])
                   or _HISTORY.fullmatch(n))
        )  # fmt: skip

    def write_manifest(self, manifest: Manifest, *, key: bytes) -> None:
        """Seal the manifest: with it the base is whole (目録を書く)."""
        with Sealer(self.base(manifest.base_id) / MANIFEST, key=key) as out:
            out.write(json.dumps(asdict(manifest), ensure_ascii=False).encode())

    def read_manifest(self, base_id: str, *, key: bytes) -> Manifest:
        """Read a manifest; ``Damaged`` where it is not what was written (目録を読む)."""
        data = b"".join(unsealed(self.base(base_id) / MANIFEST, key=key))
        manifest = Manifest(**json.loads(data))
        if manifest.base_id != base_id:
            raise Damaged(f"{base_id}: the manifest of another base")
        return manifest

    def write_report(self, base_id: str, report: Mapping[str, object]) -> Path:
        """Keep what a restore of a base found (報告)."""
        path = self.reports / f"{base_id}.json"
        part = path.with_suffix(".part")
        part.write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")
        part.rename(path)
        return path

    def forget(self, base_ids: Iterable[str], *, key: bytes) -> None:
        """Drop bases, and the log that only they needed (古いものを消す)."""
        for one in base_ids:
            shutil.rmtree(self.base(one))
        left = self.bases()
        if not left:
            return
        needed = self.read_manifest(left[0], key=key).first_segment
        for name in self.segments():
            if _SEGMENT.fullmatch(name) and name[8:] < needed[8:]:
                (self.log / f"{name}.sealed").unlink()


def new_id(now: datetime) -> str:
    """Return the id of a base: when it was begun, by Japan's clock (ベースの番号)."""
    return f"{now.astimezone(JAPAN):%Y%m%d-%H%M%S}"


def to_forget(base_ids: Iterable[str], *, keep: int) -> tuple[str, ...]:
    """Return the bases over the newest ``keep`` (消してよいもの)."""
    ordered = sorted(base_ids)
    return tuple(ordered[: max(0, len(ordered) - keep)])
