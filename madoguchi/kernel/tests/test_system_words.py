"""What the operating system refuses is said in Japanese."""

import pytest

from madoguchi.kernel.system_words import words_of


def test_what_happens_every_day_is_said_in_japanese(tmp_path):
    tries = {
        "見つかりません": (tmp_path / "no").read_text,
        "ファイルではなくフォルダーです": tmp_path.read_text,
        "名前が長すぎます": (tmp_path / ("あ" * 200)).read_text,
    }
    for said, attempt in tries.items():
        with pytest.raises(OSError) as refusal:
            attempt()
        assert words_of(refusal.value) == said


def test_what_is_rare_keeps_its_number():
    assert words_of(OSError(31, "Too many links")) == "Too many links [31]"
    assert words_of(OSError("odd")) == "OSError [None]"
