"""Head, certification and marks of a page: what is the same whoever stands on it (頁の枠)."""

from dataclasses import dataclass

from madoguchi.certificates.domain.cells import (
    Cell,
    Drawn,
    centred_x_mm,
    draw_cells,
    line_run,
    moved,
    right_x_mm,
)
from madoguchi.certificates.domain.definition import Definition
from madoguchi.certificates.domain.forms import (
    FORM_WIDTH_MM,
    FORM_X_MM,
    LABEL_COLUMN_MM,
    Form,
    form_of,
)
from madoguchi.certificates.domain.kinds import Omit
from madoguchi.certificates.domain.paper import LEFT_BLANK, LEFT_OUT, Paper
from madoguchi.certificates.domain.sheets import (
    PAGE_WIDTH_MM,
    Box,
    Face,
    Marks,
    Role,
    Rule,
    Run,
)
from madoguchi.kernel.outcome import Problem
from madoguchi.kernel.wareki import format_long

#: Between these two heights stand the persons.
BODY_TOP_MM = 34.6
BODY_BOTTOM_MM = 235.0
QR_MM = 24.0
#: SPEC1 5.6: the seal is at most 25 mm square.
SEAL_MM = 22.0

_END_X_MM = FORM_X_MM + FORM_WIDTH_MM
_TITLE_BASELINE_MM = 16.5
_TITLE_PT = 16.0
_HEAD_Y_MM = 20.6
_HEAD_ROW_MM = 6.5
_SIGN_X_MM = 16.0
_MARKS_BASELINE_MM = 285.5
_MARKS_PT = 7.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """Everything on a page but its persons (頁の枠)."""

    head: tuple[Run, ...]
    foot: tuple[Run, ...]
    rules: tuple[Rule, ...]
    frames: tuple[Box, ...]
    problems: tuple[Problem, ...]
    seal: Box | None
    qr: Box | None


def _head_form() -> Form:
    return form_of(
        tuple(
            Cell(
                field=field,
                label=label,
                x_mm=0.0,
                value_x_mm=LABEL_COLUMN_MM,
                end_x_mm=FORM_WIDTH_MM,
                y_mm=row * _HEAD_ROW_MM,
                height_mm=_HEAD_ROW_MM,
                size_pt=10.0,
            )
            for row, (field, label) in enumerate((("address", "住所"), ("householder", "世帯主")))
        )
    )


_HEAD = _head_form()
_HEAD_BOX = Box(x_mm=FORM_X_MM, y_mm=_HEAD_Y_MM, width_mm=FORM_WIDTH_MM, height_mm=_HEAD.height_mm)


def page_frame(paper: Paper, definition: Definition, marks: Marks) -> Around:
    """Plan head, foot and, on the last page, certification, seal and QR (頁の枠)."""
    head = _page_head(paper) if definition.with_head else None
    last = marks.number == marks.of
    foot = _certification(paper) if last else _continued()
    return Around(
        head=(*_watermark(paper), *_title(paper, definition.title), *(head.runs if head else ())),
        foot=(*foot, *_marks(marks)),
        rules=moved(_HEAD.rules, x_mm=FORM_X_MM, y_mm=_HEAD_Y_MM) if head else (),
        frames=(*((_HEAD_BOX,) if head else ()), *_official_use_box(paper)),
        problems=head.problems if head else (),
        seal=_SEAL_BOX if last and paper.seal_svg else None,
        qr=_QR_BOX if last else None,
    )


def _page_head(paper: Paper) -> Drawn:
    """Draw 住所 and 世帯主, as every page of a resident record has them (頁の頭)."""
    return draw_cells(
        _HEAD.cells,
        _HEAD.labels,
        {"address": _address(paper), "householder": _householder(paper)},
        x_mm=FORM_X_MM,
        y_mm=_HEAD_Y_MM,
        who="",
        rule=paper.overflow,
    )


def blank_below(y_mm: float) -> tuple[Run, ...]:
    """Say that nothing follows, so that nothing can be added (以下余白)."""
    text = "（以下余白）"
    x_mm = centred_x_mm(text, centre_mm=PAGE_WIDTH_MM / 2, size_pt=8.5)
    return (line_run(text, x_mm=x_mm, y_mm=y_mm + 6.0, size_pt=8.5),)


def _address(paper: Paper) -> str:
    # SPEC1 5.4: only a 記載事項証明書 may leave 方書 out; check_omissions sees to that.
    if paper.building and paper.shows(Omit.BUILDING):
        return f"{paper.address}　{paper.building}"
    return paper.address


def _householder(paper: Paper) -> str:
    if not paper.shows(Omit.HOUSEHOLDER):
        return LEFT_OUT
    return paper.householder or LEFT_BLANK


def _watermark(paper: Paper) -> tuple[Run, ...]:
    if not paper.sample:
        return ()
    size_pt = 170.0
    text = "見本"
    return (
        Run(
            text=text,
            x_mm=centred_x_mm(text, centre_mm=PAGE_WIDTH_MM / 2, size_pt=size_pt),
            y_mm=165.0,
            size_pt=size_pt,
            face=Face.MINCHO,
            role=Role.WATERMARK,
        ),
    )


def _title(paper: Paper, title: str) -> tuple[Run, ...]:
    text = "　".join(title) if len(title) <= 6 else title
    runs = [
        Run(
            text=text,
            x_mm=centred_x_mm(text, centre_mm=PAGE_WIDTH_MM / 2, size_pt=_TITLE_PT),
            y_mm=_TITLE_BASELINE_MM,
            size_pt=_TITLE_PT,
            face=Face.MINCHO,
            role=Role.TITLE,
        )
    ]
    if paper.official_use:
        runs.append(line_run("公用", x_mm=184.6, y_mm=15.6, size_pt=11.0))
    return tuple(runs)


def _official_use_box(paper: Paper) -> tuple[Box, ...]:
    if not paper.official_use:
        return ()
    return (Box(x_mm=182.0, y_mm=10.6, width_mm=13.0, height_mm=7.0),)


# --- certification (認証文・職名・公印) ------------------------------------------------

_CERTIFICATION_BASELINE_MM = 243.0
#: Beneath it: the moment of the record, where that is not the moment of the paper.
_AS_OF_BASELINE_MM = 247.2
_DATE_BASELINE_MM = 252.0
_MAYOR_BASELINE_MM = 264.0
_SEAL_BOX = Box(x_mm=128.0, y_mm=247.5, width_mm=SEAL_MM, height_mm=SEAL_MM)
_QR_BOX = Box(x_mm=_END_X_MM - QR_MM, y_mm=238.0, width_mm=QR_MM, height_mm=QR_MM)
#: How to check a paper, beneath its QR code.
CHECK_WORDS = (
    "この証明書の確かめ方",
    "QRコードを読み取り、紙にある",
    "氏名と生年月日を入れると、",
    "原本との一致を確かめられます。",
)


def _certification(paper: Paper) -> tuple[Run, ...]:
    mayor = f"{paper.mayor_title}　{paper.mayor_name}"
    sign_width_mm = _SEAL_BOX.x_mm - _SIGN_X_MM - 10.0
    runs = [
        line_run(
            paper.certification,
            x_mm=_SIGN_X_MM,
            y_mm=_CERTIFICATION_BASELINE_MM,
            size_pt=10.0,
            where="認証文",
        ),
        line_run(
            format_long(paper.issued_on), x_mm=_SIGN_X_MM + 6, y_mm=_DATE_BASELINE_MM, size_pt=10.0
        ),
        line_run(
            mayor,
            x_mm=_SIGN_X_MM + 6,
            y_mm=_MAYOR_BASELINE_MM,
            size_pt=_one_line_pt(mayor, width_mm=sign_width_mm, size_pt=12.0),
            where="職氏名",
        ),
    ]
    if paper.as_of:
        runs.append(
            line_run(
                paper.as_of, x_mm=_SIGN_X_MM + 3, y_mm=_AS_OF_BASELINE_MM, size_pt=8.5,
                where="記録の時点",
            )
        )  # fmt: skip
    if not paper.seal_svg:
        runs.append(line_run("（公印省略）", x_mm=130.0, y_mm=_MAYOR_BASELINE_MM, size_pt=9.0))
    elif paper.seal_is_black_note:
        text = "この印は黒色です"
        x_mm = centred_x_mm(text, centre_mm=_SEAL_BOX.x_mm + SEAL_MM / 2, size_pt=6.5)
        y_mm = _SEAL_BOX.y_mm + SEAL_MM + 3.6
        runs.append(line_run(text, x_mm=x_mm, y_mm=y_mm, size_pt=6.5, face=Face.GOTHIC))
    for place, words in enumerate(CHECK_WORDS):
        runs.append(
            line_run(
                words,
                x_mm=right_x_mm(CHECK_WORDS[-1], end_mm=_END_X_MM, size_pt=6.0),
                y_mm=_QR_BOX.y_mm + QR_MM + 3.4 + place * 2.8,
                size_pt=6.0,
                face=Face.GOTHIC,
            )
        )
    return tuple(runs)


def _one_line_pt(text: str, *, width_mm: float, size_pt: float) -> float:
    """Return the size at which a signature stays on one line; it is never cut (職氏名)."""
    wanted = right_x_mm(text, end_mm=0.0, size_pt=size_pt)
    return min(size_pt, size_pt * width_mm / -wanted)


def _continued() -> tuple[Run, ...]:
    text = "（次の頁に続く）"
    x_mm = right_x_mm(text, end_mm=_END_X_MM, size_pt=9.0)
    return (line_run(text, x_mm=x_mm, y_mm=_CERTIFICATION_BASELINE_MM, size_pt=9.0),)


# --- marks of each page (I4) ------------------------------------------------------------


def _marks(marks: Marks) -> tuple[Run, ...]:
    """Print on each page whose page it is (発行番号・頁・受付番号・対象者照合符号)."""
    found: list[Run] = []
    for label, value, x_mm, value_x_mm in (
        ("発行番号", marks.issue_no, 12.0, 23.5),
        ("頁", f"{marks.number}/{marks.of}", 80.0, 83.5),
        ("受付", marks.request_id, 96.0, 102.5),
        ("照合", marks.subject_hash, 156.0, 162.5),
    ):
        found.append(
            line_run(label, x_mm=x_mm, y_mm=_MARKS_BASELINE_MM, size_pt=6.0, face=Face.GOTHIC)
        )
        found.append(
            line_run(
                value, x_mm=value_x_mm, y_mm=_MARKS_BASELINE_MM, size_pt=_MARKS_PT, where=label
            )
        )
    return tuple(found)
