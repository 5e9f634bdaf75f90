"""Bytes to rows: encodings, limits, broken files (文字コードと行)."""

import csv
import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kernel.csvfile import LINE_LENGTH_MAX, open_lines
from madoguchi.kernel.outcome import Problem
from madoguchi.web.messages import render


def rows_of(data):
    lines = open_lines(io.BytesIO(data))
    if isinstance(lines, Problem):
        render(lines)
        return lines
    found = list(lines.rows())
    if lines.broken:
        render(lines.broken)
        return [*found, lines.broken]
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_it_reads_every_usual_file(encoding, newline):
    text = newline.join(["氏名,住所", "浜　葵,表\u3000示", '"湊, 航平",能', ""])
    assert rows_of(text.encode(encoding)) == [
        (1, ["氏名", "住所"]),
        (2, ["浜　葵", "表\u3000示"]),
        (3, ["湊, 航平", "能"]),
    ]


def test_letters_that_only_windows_has_are_read():
    assert rows_of("髙﨑①".encode("cp932")) == [(1, ["髙﨑①"])]


def test_a_row_is_known_by_the_line_it_begins_on():
    assert rows_of(b'a\n"x\ny"\n\nb\n') == [(1, ["a"]), (2, ["x\ny"]), (5, ["b"])]


def test_a_file_that_is_neither_encoding_names_line_and_byte():
    data = "氏名\n浜\n".encode() + b"\xff\xfe\n"
    problem = rows_of(data)
    assert problem.code == "CSV_ENCODING"
    assert problem.where == "line 3"
    assert problem.facts["byte"] == str(len(data) - 2)


def test_half_utf8_half_cp932_is_refused():
    assert (
        rows_of("氏名\n浜\n".encode() + "湊\n".encode("cp932") + b"\x81\x20").code == "CSV_ENCODING"
    )


def test_utf16_and_nul_bytes_are_named():
    problem = rows_of("氏名".encode("utf-16"))
    assert problem.code in ("CSV_NUL", "CSV_ENCODING")
    problem = rows_of("氏名\n浜\0葵".encode())
    assert (problem.code, problem.where) == ("CSV_NUL", "line 2")


def test_a_cell_of_40_mb_is_refused_without_filling_the_memory():
    stream = io.BytesIO(b"name\nfirst\n" + b"x" * 40_000_000 + b"\nlast\n")
    tracemalloc.start()
    lines = open_lines(stream)
    found = list(lines.rows())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [line for line, _ in found] == [1, 2]
    assert (lines.broken.code, lines.broken.where) == ("CSV_CELL_TOO_LARGE", "line 3")
    assert peak < 12_000_000


def test_a_quoted_cell_that_never_ends_is_refused_too():
    endless = b'name\n"' + b"x" * 50 + b"\n" * 1
    found = rows_of(endless + b"a,b\n" * 100_000)
    assert found[-1].code == "CSV_CELL_TOO_LARGE"
    assert found[-1].where == "line 2"


def test_broken_quotes_are_named():
    assert rows_of(b'a\n"x"y\n')[-1].code == "CSV_QUOTES"
    assert rows_of(b'a\n"x')[-1].code == "CSV_QUOTES"


def test_a_line_of_the_longest_kind_is_read():
    line = "あ" * LINE_LENGTH_MAX
    assert rows_of(line[:-1].encode())[0][0] == 1


@given(st.lists(st.lists(st.text(max_size=8), min_size=1, max_size=4), max_size=5))
def test_whatever_is_text_is_read_back_or_refused(table):
    """No input crashes the reader, and what it reads is what was written."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(table)
    try:
        data = out.getvalue().encode()
    except UnicodeEncodeError:
        return
    found = rows_of(data)
    if isinstance(found, Problem) or any(isinstance(one, Problem) for one in found):
        return
    wanted = [row for row in table if row != [""] and any(row)]
    assert [row for _, row in found if any(row)] == wanted


@given(st.binary(max_size=200))
def test_no_bytes_crash_the_reader(data):
    rows_of(data)
