"""A town that was made stays: whoever asks for another in the same folder is told so."""

import json

import pytest

from madoguchi.entry import demo


@pytest.fixture
def made(settings, tmp_path):
    settings.MADOGUCHI_HOME = tmp_path
    (tmp_path / demo.MADE).write_text(json.dumps({"residents": 7971, "seed": 1}))


@pytest.mark.parametrize(("residents", "seed"), [(None, None), (7971, None), (None, 1), (7971, 1)])
def test_the_town_that_was_asked_for_says_nothing(made, residents, seed):
    assert demo.kept_instead(residents=residents, seed=seed) is None


@pytest.mark.parametrize(("residents", "seed"), [(500, None), (None, 2), (7971, 0)])
def test_another_town_than_the_one_that_stands_here_is_told(made, residents, seed):
    said = demo.kept_instead(residents=residents, seed=seed)
    assert "7,971人、種 1" in said
    assert "MADOGUCHI_HOME" in said


def test_a_town_made_before_this_was_kept_is_told_without_numbers(settings, tmp_path):
    settings.MADOGUCHI_HOME = tmp_path
    assert "前に作った町があります。" in demo.kept_instead(residents=500, seed=None)
    assert demo.kept_instead(residents=None, seed=None) is None
