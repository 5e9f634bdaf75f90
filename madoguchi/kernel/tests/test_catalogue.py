import re
import tomllib
from pathlib import Path

KERNEL = Path(__file__).parents[1]
CATALOGUE = tomllib.loads((KERNEL.parent / "web/catalogue/kernel.toml").read_text("utf-8"))
SOURCE = "\n".join(path.read_text("utf-8") for path in sorted(KERNEL.glob("*.py")))
PREFIXES = ("DATE_", "TEXT_")


def test_every_code_has_its_sentences_and_every_sentence_its_code():
    codes = {
        code for code in re.findall(r'"([A-Z]+(?:_[A-Z]+)+)"', SOURCE) if code.startswith(PREFIXES)
    }
    assert codes == CATALOGUE.keys()


def test_each_has_a_cause_and_a_remedy_that_end_as_sentences():
    for code, words in CATALOGUE.items():
        assert words.keys() == {"cause", "remedy"}, code
        assert all(sentence.endswith("。") for sentence in words.values()), code


def test_no_sentence_asks_for_a_fact_nobody_gives():
    given = set(re.findall(r'"(written|era|meant|length|limit)":', SOURCE))
    asked = set(
        re.findall(r"\{(\w+)\}", str([list(words.values()) for words in CATALOGUE.values()]))
    )
    assert asked <= given
