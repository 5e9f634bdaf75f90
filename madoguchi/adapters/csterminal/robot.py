"""A robot at the terminal (端末のロボット): fills ``PreIssueSetup`` by working the screens.

It presses what the script says and tells what it saw; whether that is the right card is for
``cards/domain/terminal.py`` to say.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping

from madoguchi.adapters.csterminal.browser import Browser, BrowserScreens
from madoguchi.adapters.csterminal.script import Part, Script, Value
from madoguchi.adapters.csterminal.walking import Lost, Walked, walk
from madoguchi.cards.domain.card import SetupOutcome, read_application_no, read_notice_no
from madoguchi.cards.domain.terminal import NoAnswer, Shown, Written
from madoguchi.kernel.dates import parse_day
from madoguchi.kernel.outcome import Problem, Unavailable


class RobotTerminal:
    """The port ``PreIssueSetup`` over a browser and a script (画面を通した端末)."""

    def __init__(
        self, *, browser: Browser, url: str, script: Script, operator: str, code: str
    ) -> None:
        self._browser, self._script = browser, script
        self._screens: BrowserScreens = browser.page(url=url, wait_seconds=script.wait_seconds)
        self._secrets = {Value.OPERATOR: operator, Value.OPERATOR_CODE: code}
        #: Where in the script it stopped last, for whoever mends the script.
        self.lost_at = 0

    def sign_on(self) -> Unavailable | None:
        """See the port (ログイン)."""
        found = self._walk(Part.SIGN_ON, self._secrets)
        if isinstance(found, Unavailable):
            return found
        # Whatever it says instead of letting us in, it did not.
        return None if found.outcome is None else Unavailable(reason=NoAnswer.SIGN_ON_REFUSED)

    def begin(self, notice_no: str) -> Shown | SetupOutcome | Unavailable:
        """See the port (読取り)."""
        found = self._walk(Part.BEGIN, {Value.NOTICE_NO: notice_no})
        if isinstance(found, Unavailable):
            return found
        if found.outcome is not None:
            return found.outcome
        shown = _shown(found.read, self._script.words)
        return self._unknown() if shown is None else shown

    def set_up(self, notice_no: str) -> SetupOutcome | Unavailable:
        """See the port (設定)."""
        found = self._walk(Part.SET_UP, {Value.NOTICE_NO: notice_no})
        if isinstance(found, Unavailable):
            return found
        return found.outcome or SetupOutcome.DONE

    def look_up(self, notice_no: str) -> Written | Unavailable:
        """See the port (照会)."""
        found = self._walk(Part.LOOK_UP, {Value.NOTICE_NO: notice_no})
        if isinstance(found, Unavailable):
            return found
        if found.outcome is not None:
            return Written(notice_no=notice_no, outcome=found.outcome)
        number = read_notice_no(found.read[Value.NOTICE_NO])
        outcome = self._script.words.get(found.read[Value.STATE])
        if isinstance(number, Problem) or outcome is None:
            return self._unknown()
        return Written(notice_no=number, outcome=outcome)

    def sign_off(self) -> None:
        """See the port (ログオフ)."""
        if Part.SIGN_OFF in self._script.parts:
            self._walk(Part.SIGN_OFF, {})

    def _walk(self, part: Part, values: Mapping[Value, str]) -> Walked | Unavailable:
        try:
            return self._browser.do(walk, self._script, part, self._screens, values=values)
        except Lost as lost:
            self.lost_at = lost.line
            return Unavailable(reason=lost.reason)
        except Exception as error:  # noqa: BLE001  the browser is gone; its words quote screens
            with contextlib.suppress(AttributeError):
                error.__traceback__ = None
            return Unavailable(reason=NoAnswer.NOT_REACHED)

    def _unknown(self) -> Unavailable:
        return Unavailable(reason=NoAnswer.SCREEN_UNKNOWN)


def _shown(read: Mapping[Value, str], words: Mapping[str, SetupOutcome]) -> Shown | None:
    """Turn what was read into evidence; what cannot be read is no evidence."""
    number = read_notice_no(read[Value.NOTICE_NO])
    application = read_application_no(read.get(Value.APPLICATION_NO, ""))
    birth = parse_day(read[Value.BIRTH]) if read.get(Value.BIRTH) else None
    state = words.get(read[Value.STATE])
    if isinstance(number, Problem) or isinstance(application, Problem):
        return None
    if isinstance(birth, Problem) or state not in (SetupOutcome.DONE, SetupOutcome.NONE):
        return None
    return Shown(
        notice_no=number, kana=read.get(Value.KANA, ""), birth_on=birth,
        application_no=application, is_set=state is SetupOutcome.DONE,
    )  # fmt: skip
