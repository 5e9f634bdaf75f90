"""The grammar of 続柄 (standard 1.1.11)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kernel.outcome import Problem
from madoguchi.register.domain.relationship import (
    ALONE,
    CHAIN_LENGTH_MAX,
    CONNECTED,
    HEAD,
    LINKS,
    LODGER,
    Relationship,
    Term,
    compose,
    parse_relationship,
)

chains = st.lists(st.sampled_from(LINKS), min_size=1, max_size=CHAIN_LENGTH_MAX)
relationships = st.one_of(
    st.sampled_from([HEAD, CONNECTED, LODGER]),
    chains.map(lambda chain: Relationship(chain=tuple(chain))),
)


@given(relationships)
def test_what_is_written_reads_back_as_the_same(relationship):
    assert parse_relationship(relationship.written) == relationship


@given(relationships)
def test_half_width_brackets_read_the_same(relationship):
    written = relationship.written.replace("（", "(").replace("）", ")")
    assert parse_relationship(written) == relationship


@given(st.text(alphabet="世帯主夫妻（未届）子の父母兄姉弟妹縁故者同居人孫()", max_size=20))
def test_any_text_is_a_relationship_or_a_problem(text):
    found = parse_relationship(text, where="続柄")
    if isinstance(found, Problem):
        assert found.where == "続柄"
    else:
        assert found.written == text.replace("(", "（").replace(")", "）")
        assert len(found.chain) <= CHAIN_LENGTH_MAX
        assert len(found.chain) == 1 or ALONE.isdisjoint(found.chain)


@pytest.mark.parametrize(
    ("text", "chain"),
    [
        ("世帯主", (Term.HEAD,)),
        ("妻（未届）", (Term.WIFE_UNREGISTERED,)),
        ("夫(未届)", (Term.HUSBAND_UNREGISTERED,)),
        ("子（子の夫）", (Term.CHILD_HUSBAND_OF_CHILD,)),
        ("子（子の夫）の子", (Term.CHILD_HUSBAND_OF_CHILD, Term.CHILD)),
        ("妻（未届）の子", (Term.WIFE_UNREGISTERED, Term.CHILD)),
        ("子の子の子の子", (Term.CHILD,) * 4),
    ],
)
def test_terms(text, chain):
    assert parse_relationship(text) == Relationship(chain=chain)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "RELATIONSHIP_UNREADABLE"),
        ("孫", "RELATIONSHIP_UNREADABLE"),
        ("祖父", "RELATIONSHIP_UNREADABLE"),
        ("長男", "RELATIONSHIP_UNREADABLE"),
        ("子の", "RELATIONSHIP_UNREADABLE"),
        ("の子", "RELATIONSHIP_UNREADABLE"),
        ("世帯主の子", "RELATIONSHIP_UNREADABLE"),
        ("縁故者の子", "RELATIONSHIP_UNREADABLE"),
        ("子 の子", "RELATIONSHIP_UNREADABLE"),
        ("子の子の子の子の子", "RELATIONSHIP_TOO_LONG"),
    ],
)
def test_what_the_grammar_does_not_know(text, code):
    found = parse_relationship(text)
    assert isinstance(found, Problem)
    assert found.code == code


@pytest.mark.parametrize(
    ("to_head", "onward", "expected"),
    [
        ("世帯主", "妻", "妻"),
        ("子", "世帯主", "子"),
        ("子", "妻", "子の妻"),
        ("子の子", "子の子", "子の子の子の子"),
        ("子の子の子", "子の子", "縁故者"),
        ("縁故者", "子", "縁故者"),
        ("同居人", "妻", "同居人"),
        ("妻", "縁故者", "縁故者"),
    ],
)
def test_compose(to_head, onward, expected):
    one, other = parse_relationship(to_head), parse_relationship(onward)
    assert compose(one, other).written == expected


@given(relationships, relationships)
def test_what_is_composed_is_in_the_grammar(one, other):
    assert parse_relationship(compose(one, other).written) == compose(one, other)


@given(relationships, relationships, relationships)
def test_composing_does_not_hang_on_where_one_begins(one, two, three):
    assert compose(compose(one, two), three) == compose(one, compose(two, three))
