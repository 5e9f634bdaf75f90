"""The keys of a register kept as files, so that a million rows are prepared once (キーの保存).

The folder holds personal data: ids, letters of names, birth dates. It is made for its owner alone
and is never made unless asked for. Keys of another file or of other rules are not used.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from madoguchi.addressees.domain.cutting import Vocabulary
from madoguchi.addressees.domain.keys import KEYS_VERSION
from madoguchi.addressees.domain.linkage import Index
from madoguchi.addressees.domain.matching import Book
from madoguchi.addressees.domain.places import Gazetteer
from madoguchi.addressees.domain.sides import PASSES, Side
from madoguchi.addressees.domain.weights import Commonness

_MARK = "made-from.json"
_BLOCK = 1 << 20
_COLUMNS = ("births", "standings", "held", "lot_counts", "lost", "owners", "name_nos")


def sum_of(file: BinaryIO, *, gazetteer: Gazetteer, number: str) -> str:
    """Return what the keys of this file depend on, as one sum (台帳の指紋)."""
    digest = hashlib.sha256(repr((KEYS_VERSION, PASSES, gazetteer, number)).encode())
    file.seek(0)
    while block := file.read(_BLOCK):
        digest.update(block)
    file.seek(0)
    return digest.hexdigest()


def save_book(book: Book, folder: Path, *, made_from: str) -> None:
    """Keep the keys of a register (キーを保存する)."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / _MARK).unlink(missing_ok=True)
    arrays: dict[str, Any] = {"ids": np.array(book.side.ids, dtype=np.str_)}
    arrays |= {f"code {name}": column for name, column in book.side.codes.items()}
    arrays |= {f"letters {name}": column for name, column in book.side.letters.items()}
    arrays |= {name: getattr(book.side, name) for name in _COLUMNS}
    arrays |= {f"keys {name}": index.keys for name, index in book.indexes.items()}
    arrays |= {f"rows {name}": index.rows for name, index in book.indexes.items()}
    arrays |= {f"share {name}": column for name, column in book.commonness.shares.items()}
    arrays["namesakes"] = book.commonness.namesakes
    for name, array in arrays.items():
        with _own(folder / f"{name}.npy") as file:
            np.save(file, array, allow_pickle=False)
    words = {"surnames": book.side.vocabulary.surnames, "givens": book.side.vocabulary.givens}
    with _own(folder / "words.json") as file:
        file.write(json.dumps(words, ensure_ascii=False).encode())
    with _own(folder / _MARK) as file:  # last: half a folder is none
        file.write(json.dumps({"sum": made_from, "names": sorted(arrays)}).encode())


def load_book(folder: Path, *, made_from: str) -> Book | None:
    """Open kept keys, if they are of this file and these rules (キーを開く)."""
    mark = folder / _MARK
    if not mark.is_file() or json.loads(mark.read_bytes())["sum"] != made_from:
        return None

    def column(name: str) -> Any:
        # Indexes are searched here and there; columns are gathered from all over, so read whole.
        mode: Any = "r" if name.startswith(("keys ", "rows ")) else None
        return np.load(folder / f"{name}.npy", mmap_mode=mode, allow_pickle=False)

    names = json.loads(mark.read_bytes())["names"]

    def group(kind: str) -> dict[str, Any]:
        return {n.removeprefix(f"{kind} "): column(n) for n in names if n.startswith(f"{kind} ")}

    words = json.loads((folder / "words.json").read_bytes())
    keys, rows = group("keys"), group("rows")
    side = Side(
        ids=column("ids"),
        codes=group("code"),
        letters=group("letters"),
        vocabulary=Vocabulary(surnames=words["surnames"], givens=words["givens"]),
        **{name: column(name) for name in _COLUMNS},
    )
    return Book(
        side=side,
        indexes={name: Index(keys=keys[name], rows=rows[name]) for name in keys},
        commonness=Commonness(shares=group("share"), namesakes=column("namesakes")),
        rows=len(side),
    )


def _own(path: Path) -> BinaryIO:
    """Open a file for its owner alone."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
