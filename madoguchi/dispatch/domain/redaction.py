"""What is burned out of a copy, and what must hold before it may leave (暗証番号欄の消去).

Millimetres are measured on the paper from its upper left corner. Nothing here sees a picture.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum, unique
from itertools import combinations

from madoguchi.dispatch.domain.area import Area
from madoguchi.dispatch.domain.placing import Placement, Point
from madoguchi.kernel.outcome import Problem

#: How far a mark may lie from where the fit puts it, on the paper.
MARK_OFF_MM_MAX = 0.6
#: How far a printed rule inside the box may lie from its place: the box is cut by these rules.
RULE_OFF_MM_MAX = 1.0
#: What must be left of a box's margin after both errors.
MARGIN_LEFT_MM_MIN = 1.0
#: Share of the form's other rules that must be found: another form has other rules.
RULES_FOUND_MIN = 0.85
#: Resolutions that are taken, with room for a copier's scale.
DPI_MIN, DPI_MAX = 140.0, 660.0
#: A feeder stretches paper a little; more is a photograph or another sheet.
STRETCH_MAX = 0.03
SHEAR_MAX = 0.03
_MARKS_MIN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretBox:
    """A box to burn, what it hides, and the paper around it that must be empty (消去する欄).

    ``secret`` is the printed frame the digits are written into; ``burn`` is what is made
    black; ``quiet`` is blank paper around it, where ink means digits outside their frame.
    """

    name: str
    secret: Area
    burn: Area
    quiet: Area

    @property
    def margin_mm(self) -> float:
        """How far the black reaches beyond the frame on its narrowest side (消去の余白)."""
        return min(
            self.secret.left - self.burn.left,
            self.secret.top - self.burn.top,
            self.burn.right - self.secret.right,
            self.burn.bottom - self.secret.bottom,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One printing of a form, dated: where its marks, rules and secrets are (様式の型)."""

    name: str
    title: str
    source: str
    valid_from: date
    valid_until: date | None
    width_mm: float
    height_mm: float
    mark_mm: float
    marks: tuple[Point, ...]
    rules: tuple[Area, ...]
    boxes: tuple[SecretBox, ...]

    def in_force(self, on: date) -> bool:
        """Tell whether this printing is used on that day (有効期間)."""
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)

    @property
    def page(self) -> Area:
        """The whole sheet (用紙)."""
        return Area(left=0, top=0, right=self.width_mm, bottom=self.height_mm)


def check_template(template: Template) -> tuple[Problem, ...]:
    """Return why a template cannot be trusted to hide anything (様式の型の確認)."""
    found: list[Problem] = []

    def say(reason: str, where: str) -> None:
        found.append(Problem(code="TEMPLATE_UNSOUND", where=where, facts={"reason": reason}))

    if len(template.marks) < _MARKS_MIN:
        say(f"位置合わせの印が{_MARKS_MIN}つ未満です", "marks")
    elif turned_alike(template):
        say("印の並びが、さかさにしても同じです", "marks")
    if not template.boxes:
        say("消す欄がありません", "boxes")
    inside = template.page
    for mark in template.marks:
        if not inside.holds(_around(mark, template.mark_mm / 2)):
            say("印が用紙の外にあります", "marks")
    for box in template.boxes:
        for reason in _faults(box, template):
            say(reason, box.name)
    return tuple(found)


def _faults(box: SecretBox, template: Template) -> list[str]:
    """List what is wrong with one box."""
    marks = [_around(mark, template.mark_mm / 2) for mark in template.marks]
    found = []
    if box.margin_mm < MARGIN_LEFT_MM_MIN + MARK_OFF_MM_MAX:
        found.append("余白が足りません")
    if not (template.page.holds(box.quiet) and box.quiet.holds(box.burn.grown(1.0))):
        found.append("まわりの白い部分が足りません")
    if any(box.quiet.meets(mark) for mark in marks):
        found.append("白い部分に印があります")
    if any(box.quiet.meets(rule) and not box.burn.holds(rule) for rule in template.rules):
        found.append("白い部分に線があります")
    if sum(box.burn.holds(rule) for rule in template.rules) < 4:
        found.append("欄の枠線が足りません")
    return found


def _around(point: Point, by: float) -> Area:
    return Area(left=point[0], top=point[1], right=point[0], bottom=point[1]).grown(by)


def turned_alike(template: Template) -> bool:
    """Tell whether the marks fall on each other when the sheet is turned (向きの区別)."""
    near = 2 * template.mark_mm
    for turn in (1, 2, 3):
        moved = [_turned(mark, template, turn) for mark in template.marks]
        if all(
            any(abs(x - mx) < near and abs(y - my) < near for mx, my in template.marks)
            for x, y in moved
        ):
            return True
    return False


def _turned(mark: Point, template: Template, quarters: int) -> Point:
    middle_x, middle_y = template.width_mm / 2, template.height_mm / 2
    x, y = mark[0] - middle_x, mark[1] - middle_y
    for _ in range(quarters):
        x, y = -y, x
    return (x + middle_x, y + middle_y)


def check_in_force(template: Template, *, on: date) -> tuple[Problem, ...]:
    """Refuse a printing that is not used on that day (有効期間の確認)."""
    if template.in_force(on):
        return ()
    return (Problem(code="TEMPLATE_NOT_IN_FORCE", facts={"template": template.name}),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """How surely a sheet lies where the template says, all in millimetres (位置合わせの確かさ)."""

    mark_off_mm: float
    #: Greatest distance of a rule inside a box from its place; None: a rule was not found.
    frame_off_mm: float | None
    rules_found: float

    def margin_left_mm(self, template: Template) -> float:
        """Return what is left of the narrowest margin after every error (残る余白)."""
        off = self.mark_off_mm + (self.frame_off_mm if self.frame_off_mm is not None else 99.0)
        return min(box.margin_mm for box in template.boxes) - off


def check_placement(placement: Placement) -> tuple[Problem, ...]:
    """Refuse a fit that no scanner makes of this sheet (置き方の確認)."""
    dpi = placement.scale * 25.4
    if not DPI_MIN <= dpi <= DPI_MAX:
        facts = {"dpi": str(round(dpi)), "least": "150", "most": "600"}
        return (Problem(code="SCAN_RESOLUTION", facts=facts),)
    if placement.stretch > STRETCH_MAX or placement.shear > SHEAR_MAX:
        return (Problem(code="SCAN_DISTORTED"),)
    return ()


def check_alignment(template: Template, found: Alignment) -> tuple[Problem, ...]:
    """Refuse where it is not certain that the secret lies under the box (位置合わせの確認)."""
    problems: list[Problem] = []
    if found.mark_off_mm > MARK_OFF_MM_MAX:
        problems.append(Problem(code="SCAN_DISTORTED"))
    if found.rules_found < RULES_FOUND_MIN:
        problems.append(Problem(code="FORM_NOT_RECOGNISED"))
    if (
        found.frame_off_mm is None
        or found.frame_off_mm > RULE_OFF_MM_MAX
        or found.margin_left_mm(template) < MARGIN_LEFT_MM_MIN
    ):
        problems.append(Problem(code="BOX_NOT_CERTAIN"))
    return tuple(problems)


@unique
class Check(StrEnum):
    """What became of one check of the finished copy (確認の結果)."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_AVAILABLE = "not_available"
    NOT_DONE = "not_done"


CHECKS = ("text_layer", "metadata", "pixels", "digits", "ocr")
#: These must have passed; the machine's own reader of letters may be missing, and says so.
_NEEDED = frozenset(CHECKS) - {"ocr"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBack:
    """What reading the finished file back has shown (読み返しの結果)."""

    checks: Mapping[str, Check] = field(
        default_factory=lambda: dict.fromkeys(CHECKS, Check.NOT_DONE)
    )
    problems: tuple[Problem, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether the copy may leave: all that can be checked was, and nothing failed (可否)."""
        return (
            not self.problems
            and all(self.checks.get(name) == Check.PASSED for name in _NEEDED)
            and self.checks.get("ocr") in (Check.PASSED, Check.NOT_AVAILABLE)
        )


def choose_template(
    templates: Sequence[Template], *, name: str, on: date
) -> Template | tuple[Problem, ...]:
    """Return the printing of that name used on that day, or why there is none (様式の選択).

    A name is a printing (``birth-2024``) or a form (``birth``), of which one is in force.
    """
    same = [one for one in templates if name in (one.name, one.name.rpartition("-")[0])]
    if not same:
        return (Problem(code="TEMPLATE_UNKNOWN", facts={"template": name}),)
    now = [one for one in same if one.in_force(on)]
    if len(now) != 1:
        return (Problem(code="TEMPLATE_NOT_IN_FORCE", facts={"template": name}),)
    return now[0]


def check_overlaps(templates: Sequence[Template]) -> tuple[Problem, ...]:
    """Refuse two printings of one form that are in force on one day (期間の重なり)."""
    return tuple(
        Problem(code="TEMPLATE_UNSOUND", where=one.name, facts={"reason": "期間が重なっています"})
        for one, other in combinations(templates, 2)
        if one.name.rpartition("-")[0] == other.name.rpartition("-")[0]
        and one.in_force(max(one.valid_from, other.valid_from))
        and other.in_force(max(one.valid_from, other.valid_from))
    )
