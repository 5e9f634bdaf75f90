"""The sheet laid straight: always the same size, upright, millimetre for millimetre (正しい向き)."""

from __future__ import annotations

import math

from PIL import Image

from madoguchi.dispatch.documents.redaction.ink import floats_of, ink_of
from madoguchi.dispatch.documents.redaction.marks import place_sheet
from madoguchi.dispatch.domain.area import Area
from madoguchi.dispatch.domain.placing import Placement
from madoguchi.dispatch.domain.redaction import (
    Alignment,
    Template,
    check_alignment,
    check_placement,
)
from madoguchi.kernel.outcome import Problem, Refused

#: Dots a millimetre of every copy: 200 an inch.
DOTS = 200 / 25.4
#: A rule is looked for this far on either side of its place.
_REACH_MM = 1.8
#: Darkness along a rule above that beside it, at the least.
_RULE_MIN = 22.0
_END_MM = 2.0


def lay_straight(picture: Image.Image, template: Template) -> tuple[Image.Image, Alignment]:
    """Return the sheet upright, and how sure its place is; refuse where it is not (位置合わせ)."""
    placed = place_sheet(picture, template)
    if placed is None:
        raise Refused(Problem(code="FORM_NOT_RECOGNISED"))
    placement, mark_off = placed
    problems = [*check_placement(placement), *_check_inside(picture, placement, template)]
    if problems:
        raise Refused(problems)
    straight = _straightened(picture, placement, template)
    found = alignment_of(straight, template, mark_off_mm=mark_off)
    refused = check_alignment(template, found)
    if refused:
        raise Refused(refused)
    return straight, found


def _check_inside(
    picture: Image.Image, placement: Placement, template: Template
) -> tuple[Problem, ...]:
    """Refuse a scan that cuts off the secret part or the paper around it."""
    for box in template.boxes:
        for corner in box.quiet.corners:
            x, y = placement.at(corner)
            if not (0 <= x <= picture.width and 0 <= y <= picture.height):
                return (Problem(code="SCAN_CUT_OFF"),)
    return ()


def _straightened(picture: Image.Image, placement: Placement, template: Template) -> Image.Image:
    by = max(1, math.floor(placement.scale / DOTS + 0.05))
    small = picture.reduce(by) if by > 1 else picture
    one = placement.scaled(1 / by)
    size = (round(template.width_mm * DOTS), round(template.height_mm * DOTS))
    return small.transform(
        size,
        Image.Transform.AFFINE,
        (one.a / DOTS, one.b / DOTS, one.c, one.d / DOTS, one.e / DOTS, one.f),
        resample=Image.Resampling.BICUBIC,
        fillcolor=255,
    )


def alignment_of(straight: Image.Image, template: Template, *, mark_off_mm: float) -> Alignment:
    """Look for the form's printed rules where they must be (枠線の照合)."""
    ink = ink_of(straight, paper_dots=64)
    frame = [_rule_off(ink, rule) for rule in _frame_rules(template)]
    other = [_rule_off(ink, rule) for rule in template.rules if rule not in _frame_rules(template)]
    seen = [one for one in frame if one is not None]
    near = [one for one in other if one is not None]
    return Alignment(
        mark_off_mm=mark_off_mm,
        frame_off_mm=max(seen) if len(seen) == len(frame) and frame else None,
        rules_found=len(near) / len(other) if other else 1.0,
    )


def _frame_rules(template: Template) -> tuple[Area, ...]:
    return tuple(
        rule for rule in template.rules if any(box.burn.holds(rule) for box in template.boxes)
    )


def _rule_off(ink: Image.Image, rule: Area) -> float | None:
    """Return how far a rule lies from its place in mm, or nothing when it is not there."""
    lying = rule.right - rule.left >= rule.bottom - rule.top
    if lying:
        place = Area(left=rule.left + _END_MM, right=rule.right - _END_MM,
                     top=rule.top - _REACH_MM, bottom=rule.bottom + _REACH_MM)  # fmt: skip
    else:
        place = Area(top=rule.top + _END_MM, bottom=rule.bottom - _END_MM,
                     left=rule.left - _REACH_MM, right=rule.right + _REACH_MM)  # fmt: skip
    strip = ink.crop(dots_of(place)).convert("F")
    size = (1, strip.height) if lying else (strip.width, 1)
    profile = floats_of(strip.resize(size, Image.Resampling.BOX))
    ground = sorted(profile)[len(profile) // 2]
    peak = max(profile) - ground
    if peak < _RULE_MIN:
        return None
    top = profile.index(max(profile))
    near = range(max(0, top - 3), min(len(profile), top + 4))
    weights = [max(0.0, profile[i] - ground - peak / 3) for i in near]
    middle = sum((i + 0.5) * w for i, w in zip(near, weights, strict=True)) / sum(weights)
    origin = (place.top if lying else place.left) * DOTS
    start = math.floor(origin)
    wanted = (rule.top if lying else rule.left) * DOTS
    return abs(start + middle - wanted) / DOTS


def dots_of(area: Area) -> tuple[int, int, int, int]:
    """Return the dots that hold this area of the straight sheet, rounded outward (点の範囲)."""
    return (
        math.floor(area.left * DOTS), math.floor(area.top * DOTS),
        math.ceil(area.right * DOTS), math.ceil(area.bottom * DOTS),
    )  # fmt: skip
