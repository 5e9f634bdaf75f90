"""One catalogue, without gaps and without doubles."""

import string

import pytest

from madoguchi.kernel.outcome import Problem
from madoguchi.web import messages


def written(folder, **files):
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return messages.read(sorted(folder.glob("*.toml")))


GOOD = '[A]\ncause = "あ。"\nremedy = "い。"\n'


def test_the_catalogue_as_shipped_is_whole():
    entries = messages.catalogue().entries
    assert {"BUSY", "NOT_FOUND", "NOT_AVAILABLE_HERE", "UNKNOWN_PERSON"} <= entries.keys()
    for code, entry in entries.items():
        for text in (entry.cause, entry.remedy):
            names = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
            assert all(name.isidentifier() for name in names), code


def test_a_code_in_two_files_stops_the_start(tmp_path):
    with pytest.raises(messages.CatalogueError, match="already"):
        written(tmp_path, one=GOOD, two=GOOD)


@pytest.mark.parametrize(
    "text",
    [
        '[A]\ncause = "あ。"\n',
        '[A]\ncause = "あ。"\nremedy = " "\n',
        '[A]\ncause = "あ。"\nremedy = "い。"\nmore = "う。"\n',
        '[a]\ncause = "あ。"\nremedy = "い。"\n',
        '[labels]\nright = "あ"\n',
        '[labels.right]\nA = ""\n',
    ],
)
def test_a_lame_entry_stops_the_start(tmp_path, text):
    with pytest.raises(messages.CatalogueError):
        written(tmp_path, one=text)


def test_a_label_in_two_files_stops_the_start(tmp_path):
    text = '[labels.right]\nA = "あ"\n'
    with pytest.raises(messages.CatalogueError, match="elsewhere"):
        written(tmp_path, one=text, two=text)


def test_a_problem_is_put_into_words_with_its_facts():
    problem = Problem(code="FIELD_REQUIRED", where="name", facts={"label": "氏名"})
    message = messages.render(problem)
    assert message.remedy == "「氏名」を入力してください。"
    assert (message.code, message.where) == ("FIELD_REQUIRED", "name")


def test_all_problems_keep_their_order():
    found = messages.render_all([Problem(code="BUSY"), Problem(code="NOT_FOUND")])
    assert [message.code for message in found] == ["BUSY", "NOT_FOUND"]


def test_a_code_without_sentences_is_a_crash():
    with pytest.raises(messages.UnknownCodeError, match="NOBODY_KNOWS"):
        messages.render(Problem(code="NOBODY_KNOWS"))
    with pytest.raises(messages.UnknownCodeError):
        messages.label(kind="right", code="NOBODY_KNOWS")


def test_a_missing_fact_is_a_crash():
    with pytest.raises(KeyError):
        messages.render(Problem(code="FIELD_REQUIRED"))
