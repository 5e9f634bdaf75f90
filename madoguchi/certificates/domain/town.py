"""Who certifies (認証者)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """Who certifies (発行自治体と認証者)."""

    municipality: str
    code: str
    mayor_title: str
    mayor_name: str
    seal_svg: bytes = b""
