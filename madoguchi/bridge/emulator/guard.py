"""Where the emulated card may not be (模擬カードの禁止): production, and any real site."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from madoguchi.bridge.proof import is_loopback
from madoguchi.bridge.trouble import Trouble, problem
from madoguchi.kernel.outcome import Problem, Refused

PRODUCTION = "MADOGUCHI_PRODUCTION"
_NO = frozenset({"", "0", "false", "no"})


def check_emulation(
    *, environment: Mapping[str, str], origins: Iterable[str] = ()
) -> tuple[Problem, ...]:
    """Return every reason not to let a fictional card be shown here (模擬カードの可否).

    Anything but a plain no in MADOGUCHI_PRODUCTION counts as production: a slip of the hand
    must not open the door.
    """
    found = []
    if environment.get(PRODUCTION, "").strip().lower() not in _NO:
        found.append(problem(Trouble.EMULATOR_IN_PRODUCTION))
    if not all(is_loopback(origin) for origin in origins):
        found.append(problem(Trouble.EMULATOR_FOR_REAL_SITE))
    return tuple(found)


def refuse_production(environment: Mapping[str, str]) -> None:
    """Raise where a fictional card may not be; asked by every way to one (本番での拒否)."""
    if problems := check_emulation(environment=environment):
        raise Refused(problems)
