"""What an emulated card consists of: applications, files, PINs, keys (カードの構成)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric import rsa

#: A PIN is named by its application and its file: "JPKI/0018".
PinName = str


@dataclass(frozen=True, slots=True, kw_only=True)
class PinFile:
    """A file that holds a PIN and counts wrong ones (暗証番号)."""

    name: PinName
    tries_max: int
    size_min: int
    size_max: int
    digits_only: bool = True

    def takes(self, value: bytes) -> bool:
        """Tell whether the value has this PIN's form (暗証番号の形式)."""
        allowed = b"0123456789" if self.digits_only else b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        return self.size_min <= len(value) <= self.size_max and set(value) <= set(allowed)


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFile:
    """Bytes, free to read or only after one of some PINs (ファイル)."""

    content: bytes
    opened_by: tuple[PinName, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFile:
    """A private key that signs and never leaves (秘密鍵)."""

    numbers: rsa.RSAPrivateNumbers
    opened_by: PinName


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """One application of the card (アプリケーション)."""

    aid: bytes
    files: Mapping[int, PinFile | DataFile | KeyFile]
    records: Mapping[tuple[int, int], bytes] = field(default_factory=dict)  # (SFI, record)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A whole card, as it left the works (カード)."""

    atr: bytes
    applications: tuple[Application, ...]

    @property
    def pins(self) -> dict[PinName, PinFile]:
        """Every PIN of the card by its name (暗証番号の一覧)."""
        return {
            file.name: file
            for application in self.applications
            for file in application.files.values()
            if isinstance(file, PinFile)
        }
