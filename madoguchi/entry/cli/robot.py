"""``madoguchi robot``: 交付前設定 through the terminal's screens (ロボットのコマンド)."""

from __future__ import annotations

import getpass
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

from madoguchi.entry.cli.verbs import Answer, Given, Verb, Words
from madoguchi.kernel.outcome import Problem, Refused

_BLANK: dict[str, Any] = {
    "terminal": "", "dry_run": False, "done": [], "passed_over": [], "stopped_at": None,
    "script_line": None, "waiting": None, "seconds": None,
}  # fmt: skip
PERSON, EMULATED = "person", "emulated"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def _setup_words(words: Words) -> None:
    words.add_argument("--terminal", required=True, metavar="URL", help="where the screens are")
    words.add_argument("--terminal-no", default="", metavar="NO", help="as in csops, e.g. CS1")
    words.add_argument("--cards", type=int, default=None, metavar="N", help="at most so many")
    words.add_argument(
        "--dry-run", action="store_true", help="read and compare, set nothing, write nothing down"
    )
    words.add_argument("--script", type=Path, default=None, metavar="FILE",
                       help="the steps; without it those of the emulated terminal")  # fmt: skip
    words.add_argument("--feed", choices=(PERSON, EMULATED), default=PERSON,
                       help="who lays cards on the reader; emulated: demonstration only")  # fmt: skip
    words.add_argument("--operator", default="", metavar="NO", help="操作者番号")
    words.add_argument("--operator-code-file", type=Path, default=None, metavar="FILE",
                       help="a file with the 操作者コード; without it you are asked")  # fmt: skip
    words.add_argument("--show", action="store_true", help="show the browser")


def _setup(given: Given) -> Answer:
    from madoguchi.accounts.api import cli_actor
    from madoguchi.adapters.csterminal import pages
    from madoguchi.adapters.csterminal.browser import Browser
    from madoguchi.adapters.csterminal.feed import EmulatedFeed, FeedByHand
    from madoguchi.adapters.csterminal.robot import RobotTerminal
    from madoguchi.adapters.csterminal.script import Script, read_script
    from madoguchi.entry import robot

    script = read_script(given.script or Path(pages.__file__).with_name("emulator.steps"))
    problems = [] if isinstance(script, Script) else [*script]
    problems += _check_call(given)
    if problems or not isinstance(script, Script):
        raise Refused(problems)
    operator, code = _operator(given)
    actor = cli_actor("robot setup").for_purpose("個人番号カードの交付前設定")
    began = time.monotonic()
    feed = EmulatedFeed(url=given.terminal) if given.feed == EMULATED else FeedByHand()
    with (
        _open(Browser(show=given.show, arguments=_browser_arguments())) as browser,
        _stoppable() as stop,
    ):
        terminal = RobotTerminal(
            browser=browser, url=given.terminal, script=script, operator=operator, code=code
        )
        run = robot.work_shelf(
            terminal=terminal, feed=feed, actor=actor, terminal_no=given.terminal_no,
            cards_max=given.cards, press=not given.dry_run, stop=stop,
            tell=_quiet if given.json else partial(_tell, rehearsal=given.dry_run),
        )  # fmt: skip
        stopped_by_hand = stop()
    values = {
        "terminal": script.title,
        "dry_run": given.dry_run,
        "done": [_row(one) for one in run.done],
        "passed_over": [_row(one) for one in run.passed_over],
        "stopped_at": None if run.stopped_at is None else _row(run.stopped_at),
        "script_line": terminal.lost_at or None,
        "waiting": run.waiting,
        "seconds": round(time.monotonic() - began, 1),
    }
    stopped = (Problem(code="ROBOT_STOPPED_BY_HAND"),) if stopped_by_hand else ()
    return Answer(values=values, problems=run.problems, warnings=stopped)


def _browser_arguments() -> tuple[str, ...]:
    from madoguchi.entry import environment

    return () if environment.switch("MADOGUCHI_ROBOT_SANDBOX", True) else ("--no-sandbox",)


def _check_call(given: Given) -> Iterator[Problem]:
    from django.conf import settings

    parts = urlsplit(given.terminal)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/"):
        yield Problem(code="ROBOT_TERMINAL_ADDRESS", where="--terminal")
    if given.cards is not None and given.cards < 1:
        yield Problem(code="ROBOT_CARDS_NONE", where="--cards")
    if given.feed == EMULATED:
        if not settings.MADOGUCHI_DEMO or parts.hostname not in LOOPBACK:
            yield Problem(code="ROBOT_FEED_DEMO_ONLY", where="--feed")
    elif not given.operator:
        yield Problem(code="ROBOT_OPERATOR_MISSING", where="--operator")
    elif given.operator_code_file is None and not sys.stdin.isatty():
        yield Problem(code="ROBOT_CODE_MISSING", where="--operator-code-file")


def _operator(given: Given) -> tuple[str, str]:
    """Return who signs on; the code is typed or read, and kept nowhere but in memory."""
    from madoguchi.adapters.csterminal import pages

    if given.feed == EMULATED and not given.operator:
        return pages.OPERATOR, pages.OPERATOR_CODE
    if given.operator_code_file is not None:
        return given.operator, given.operator_code_file.read_text(encoding="utf-8").strip()
    return given.operator, getpass.getpass("操作者コード: ", stream=sys.stderr)


@contextmanager
def _open(browser: Any) -> Iterator[Any]:
    try:
        yield browser
    finally:
        browser.close()


@contextmanager
def _stoppable() -> Iterator[Callable[[], bool]]:
    """Let Ctrl-C end the run after the card in hand; a second one ends it at once."""
    wanted = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal wanted
        if wanted:
            raise KeyboardInterrupt
        wanted = True
        print("いまの1枚が終わったら止まります。", file=sys.stderr, flush=True)

    before = {one: signal.signal(one, stop) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: wanted
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _row(one: Any) -> dict[str, Any]:
    from madoguchi.entry.cli.verbs import in_words

    return {
        "notice_no": one.notice_no, "shelf": one.shelf, "outcome": one.outcome,
        "was_set": one.was_set, "seconds": one.seconds, "reasons": in_words(one.problems),
    }  # fmt: skip


def _tell(one: Any, *, rehearsal: bool) -> None:
    from madoguchi.web.messages import label

    what = "合っています" if rehearsal and not one.problems else "書いていません"
    if one.outcome:
        what = label(kind="setup_outcome", code=one.outcome)
    print(f"{one.shelf}  {one.notice_no}  {what}  {one.seconds} 秒", file=sys.stderr, flush=True)


def _quiet(_one: Any) -> None:
    """Say nothing: the one JSON object says it at the end."""


def _show_setup(values: Mapping[str, Any]) -> Iterator[str]:
    what = "照合だけ" if values["dry_run"] else "設定"
    yield f"{values['terminal']}: {what} {len(values['done'])}枚、のこり {values['waiting']}枚"
    for one in values["passed_over"]:
        causes = "".join(reason["cause"] for reason in one["reasons"])
        yield f"とばしました: {one['shelf']} {one['notice_no']} {causes}"
    if one := values["stopped_at"]:
        state = "結果を書きました" if one["outcome"] else "何も書いていません"
        yield f"止まったカード: {one['shelf']} {one['notice_no']}（{state}）"
    if values["script_line"]:
        yield f"手順書の {values['script_line']} 行目"


# -- check -----------------------------------------------------------------------------------


def _check_words(words: Words) -> None:
    words.add_argument("script", type=Path, metavar="FILE", help="a script of steps")


def _check(given: Given) -> Answer:
    from madoguchi.adapters.csterminal.script import Script, read_script

    script = read_script(given.script)
    if not isinstance(script, Script):
        raise Refused(script)
    steps = sum(map(len, script.parts.values()))
    return Answer(
        values={"title": script.title, "steps": steps, "parts": [*map(str, script.parts)]}
    )


VERBS = (
    Verb(
        name="setup",
        help="work the shelf list through the terminal's screens (交付前設定のロボット)",
        schema="madoguchi.robot_setup/1",
        run=_setup,
        arguments=_setup_words,
        show=_show_setup,
        blank=_BLANK,
    ),
    Verb(
        name="check",
        help="say everything that is wrong with a script, by line (手順書の検査)",
        schema="madoguchi.robot_script/1",
        run=_check,
        arguments=_check_words,
        needs_database=False,
        blank={"title": "", "steps": 0, "parts": []},
    ),
)
