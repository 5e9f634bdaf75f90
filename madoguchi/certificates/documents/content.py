"""What one page's content stream draws, in our renderer's own narrow grammar (描画命令).

Anything outside that grammar makes the page unreadable, and an unreadable page is never
handed over.
"""

import re
import struct
from dataclasses import dataclass, field

from madoguchi.certificates.documents.outlines import GlyphTable
from madoguchi.certificates.domain.sheets import PAGE_HEIGHT_MM, Face

MM_PER_POINT = 25.4 / 72


class Unreadable(Exception):
    """The file holds something our renderer never writes (読取り不能)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of glyphs on one baseline (文字列)."""

    text: str
    x_mm: float
    y_mm: float
    size_pt: float
    face: Face
    grey: float  # 0 is black


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFont:
    """A font embedded in the file: what its glyphs say and how they look (埋込みフォント)."""

    face: Face
    texts: dict[int, str]
    glyphs: GlyphTable
    #: Glyphs met so far, whose outlines are still to be handed on.
    used: set[int] = field(default_factory=set)


_NUMBER = rb"-?(?:\d+\.?\d*|\.\d+)"
#: The whole of one ordinary text, as our renderer writes it: by far the most frequent thing
#: on a page, so it is taken in one bite. Whatever looks different goes token by token.
_TEXT = re.compile(
    rb"/Span<</MCID \d+>>BDC\s+q 1 0 0 -1 (N) (N) cm/c\d+ cs (N) scn\s+BT 0 Tr(/f\d+) (N) Tf 1 0 0 -1 0 0 Tm"
    rb"(?:\[([^\\\[\]()<>]*(?:\((?:[^\\()]|\\.)*\)|<[0-9A-Fa-f]+>)"
    rb"(?:[-.\d\s]*(?:\((?:[^\\()]|\\.)*\)|<[0-9A-Fa-f]+>))*[-.\d\s]*)\]TJ"
    rb"|(\((?:[^\\()]|\\.)*\)|<[0-9A-Fa-f]+>)Tj)\s+ET\s+Q\s+EMC\s*".replace(b"N", _NUMBER),
    re.DOTALL,
)
_STRING = re.compile(rb"\(((?:[^\\()]|\\.)*)\)|<([0-9A-Fa-f]+)>", re.DOTALL)
#: The first character that cannot belong to a stretch of line drawing: such a stretch holds
#: no text and is passed over whole. `cm` is no curve.
_NOT_DRAWING = re.compile(rb"[^-\d.\smlcvyh]|c(?=m)")
_TOKEN = re.compile(
    rb"""(?:
      (?P<string>\()
    | (?P<actual>/Span<</ActualText<(?P<said>[0-9A-Fa-f]*)>>>BDC)
    | (?P<marked>/\w+<<(?:[^<>]|<[0-9A-Fa-f]*>)*>>BDC)
    | (?P<hex><[0-9A-Fa-f]*>)
    | (?P<name>/\w+)
    | (?P<number>-?(?:\d+\.?\d*|\.\d+))
    | (?P<array>[\[\]])
    | (?P<operator>[A-Za-z]+\*?)
    )\s*""",
    re.VERBOSE | re.DOTALL,
)
_OPERAND_STARTS = frozenset(b"-.0123456789")
_DRAWING = (b"m", b"l", b"c", b"v", b"y", b"h")
_ESCAPE = re.compile(rb"\\([nrtbf()]|[0-7]{1,3}|\r?\n)", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
#: Operators that only set how lines and areas look.
_LOOKS = frozenset({"w", "M", "J", "j", "d", "i", "n", "S", "s", "f", "f*", "W", "W*", "h", "B"})
_COLOURS = frozenset({"cs", "CS", "SC", "SCN", "BT", "ET"})
_Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
Drawn = set[tuple[Face, str, bytes]]


@dataclass(slots=True, kw_only=True)
class _State:
    """Where the reader stands in a content stream (描画状態)."""

    fonts: dict[bytes, PageFont]
    drawn: Drawn
    spans: list[Span] = field(default_factory=list)
    saved: list[tuple[_Matrix, float]] = field(default_factory=list)
    marks: list[str | None] = field(default_factory=list)
    numbers: list[float] = field(default_factory=list)
    strings: list[bytes] = field(default_factory=list)
    ctm: _Matrix = _IDENTITY
    tm: _Matrix = _IDENTITY
    grey: float = 0.0
    font: PageFont | None = None
    size: float = 0.0
    name: bytes = b""


def walk(raw: bytes, fonts: dict[bytes, PageFont], drawn: Drawn) -> tuple[Span, ...]:
    """Run the content stream and return every stretch of text (内容ストリームの読取り)."""
    state = _State(fonts=fonts, drawn=drawn)
    at = 0
    while at < len(raw):
        if not state.saved and not state.marks and raw.startswith(b"/Span<</MCID", at):
            text = _TEXT.match(raw, at)
            if text is not None:
                _take_text(state, text)
                at = text.end()
                continue
        drawn_to = _drawing_end(raw, at) if raw[at] in _OPERAND_STARTS else at
        if drawn_to > at:
            state.numbers = []
            at = drawn_to
            continue
        token = _TOKEN.match(raw, at)
        if token is None:
            raise Unreadable("content")
        at = token.end()
        if token.lastgroup == "string":
            at = _take_string(state, raw, token.end("string"))
        else:
            _take(state, token)
    if state.saved or state.marks:
        raise Unreadable("content ends early")
    return tuple(state.spans)


def _drawing_end(raw: bytes, at: int) -> int:
    """Return where the line drawing that begins here ends, or `at` if none does (線画)."""
    stop = _NOT_DRAWING.search(raw, at)
    end = len(raw) if stop is None else stop.start()
    last = max(raw.rfind(operator, at, end) for operator in _DRAWING)
    if last < at:
        return at
    while raw[last + 1 : last + 2].isspace():
        last += 1
    return last + 1


def _take_text(state: _State, text: re.Match[bytes]) -> None:
    """Take one ordinary text in one bite (通常の文字列)."""
    codes = b"".join(
        bytes.fromhex(found[2].decode()) if found[2] else _unescape(found[1])
        for found in _STRING.finditer(text[6] or text[7])
    )
    place = (1.0, 0.0, 0.0, 1.0, float(text[1]), float(text[2]))
    state.grey = float(text[3])
    state.font, state.size = state.fonts[text[4]], float(text[5])
    _take_span(state, codes, None, place)


def _take_string(state: _State, raw: bytes, start: int) -> int:
    end = _string_end(raw, start)
    state.strings.append(_unescape(raw[start : end - 1]))
    while raw[end : end + 1].isspace():
        end += 1
    return end


def _take(state: _State, token: re.Match[bytes]) -> None:
    """Take one token into account (字句の処理)."""
    kind = token.lastgroup
    if kind == "number":
        state.numbers.append(float(token["number"]))
    elif kind == "hex":
        state.strings.append(bytes.fromhex(token["hex"][1:-1].decode()))
    elif kind == "name":
        state.name = token["name"]
    elif kind == "actual":
        state.marks.append(bytes.fromhex(token["said"].decode()).decode("utf-16"))
    elif kind == "marked":
        if b"/ActualText" in token["marked"]:
            raise Unreadable("actual text")
        state.marks.append(None)
    elif kind == "operator":
        _operate(state, token["operator"].decode("ascii"))
        state.numbers, state.strings = [], []


def _operate(state: _State, operator: str) -> None:
    match operator:
        case "TJ" | "Tj":
            said = next((mark for mark in reversed(state.marks) if mark is not None), None)
            _take_span(state, b"".join(state.strings), said, _times(state.tm, state.ctm))
        case "Tf":
            state.font, state.size = state.fonts[state.name], state.numbers[-1]
        case "Tm":
            state.tm = _matrix(state.numbers)
        case "cm":
            state.ctm = _times(_matrix(state.numbers), state.ctm)
        case "q":
            state.saved.append((state.ctm, state.grey))
        case "Q":
            state.ctm, state.grey = state.saved.pop()
        case "EMC":
            state.marks.pop()
        case "sc" | "scn":
            state.grey = max(state.numbers)
        case "Tr":
            if state.numbers != [0.0]:
                raise Unreadable("invisible text")
        case _ if operator not in _LOOKS and operator not in _COLOURS:
            raise Unreadable(operator)


def _take_span(state: _State, codes: bytes, said: str | None, place: _Matrix) -> None:
    font = state.font
    if font is None or not codes or len(codes) % 2 or place[:4] != (1.0, 0.0, 0.0, 1.0):
        raise Unreadable("text")
    glyphs = struct.unpack(f">{len(codes) // 2}H", codes)
    if said is not None:
        if len(glyphs) != 1:
            raise Unreadable("actual text")
        text = said
        state.drawn.add((font.face, said, font.glyphs.outline(glyphs[0])))
    else:
        text = "".join([font.texts[glyph] for glyph in glyphs])
        font.used.update(glyphs)
    state.spans.append(
        Span(
            text=text,
            x_mm=place[4] * MM_PER_POINT,
            y_mm=PAGE_HEIGHT_MM - place[5] * MM_PER_POINT,
            size_pt=state.size,
            face=font.face,
            grey=state.grey,
        )
    )


def _matrix(numbers: list[float]) -> _Matrix:
    a, b, c, d, e, f = numbers
    return (a, b, c, d, e, f)


def _times(m: _Matrix, n: _Matrix) -> _Matrix:
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


_IN_STRING = re.compile(rb"\\.|[()]", re.DOTALL)


def _string_end(raw: bytes, at: int) -> int:
    """Return where the string ends that was opened before `at`; brackets inside may pair."""
    depth = 1
    for found in _IN_STRING.finditer(raw, at):
        depth += {b"(": 1, b")": -1}.get(found[0], 0)
        if depth == 0:
            return found.end()
    raise Unreadable("string")


def _unescape(raw: bytes) -> bytes:
    if b"\\" not in raw:
        return raw
    # Nearly every escape is a zero byte. Between escaped backslashes it cannot be mistaken.
    parts = [part.replace(b"\\000", b"\0") for part in raw.split(b"\\\\")]
    return b"\\".join(_ESCAPE.sub(_unescape_one, part) if b"\\" in part else part for part in parts)


def _unescape_one(found: re.Match[bytes]) -> bytes:
    code = found[1]
    if code in _ESCAPED:
        return _ESCAPED[code]
    if code.isdigit():
        return bytes([int(code, 8) & 0xFF])
    return b"" if code.endswith(b"\n") else code
