"""The engine: what a slow plain way would say, it says."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.addressees.domain import linkage
from madoguchi.addressees.domain.linkage import FieldWeights, Pass

WORDS = st.text(alphabet="あいう○", max_size=6)


def plain_distance(one, other):
    """Optimal string alignment, as in a textbook."""
    table = [[max(i, j) if 0 in (i, j) else 0 for j in range(len(other) + 1)]
             for i in range(len(one) + 1)]  # fmt: skip
    for i, j in itertools.product(range(1, len(one) + 1), range(1, len(other) + 1)):
        table[i][j] = min(
            table[i - 1][j] + 1, table[i][j - 1] + 1,
            table[i - 1][j - 1] + (one[i - 1] != other[j - 1]),
        )  # fmt: skip
        if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
            table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[len(one)][len(other)]


@given(pairs=st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=20), most=st.integers(1, 8))
def test_the_distance_of_many_pairs_is_that_of_each(pairs, most):
    left = linkage.text_letters([one for one, _ in pairs], 6)
    right = linkage.text_letters([other for _, other in pairs], 6)
    found = linkage.edit_distance(left, right, most=most)
    assert found.tolist() == [min(plain_distance(*pair), most) for pair in pairs]


@given(texts=st.lists(st.text(max_size=12), max_size=30))
def test_equal_texts_and_only_they_have_one_code(texts):
    texts = [text.replace("\0", "") for text in texts]
    codes = linkage.text_codes(texts).tolist()
    assert len(set(codes)) == len(set(texts))
    assert all((code == 0) == (text == "") for code, text in zip(codes, texts, strict=True))
    # Whatever else stands in the list, a text keeps its code.
    assert codes == [int(linkage.text_codes([text, "x" * 40])[0]) for text in texts]


COLUMN = st.lists(st.integers(0, 3), min_size=1, max_size=25)


@given(a=COLUMN, b=COLUMN, data=st.data(), cap=st.integers(1, 30))
def test_candidates_are_the_pairs_that_agree(a, b, data, cap):
    finer = [data.draw(st.lists(st.integers(0, 2), min_size=len(one), max_size=len(one)))
             for one in (a, b)]  # fmt: skip
    sides = [{"key": np.array(one, dtype=np.uint64), "more": np.array(two, dtype=np.uint64)}
             for one, two in zip((a, b), finer, strict=True)]  # fmt: skip
    passes = (Pass(name="p", columns=("key",), finer=("more",)),)
    found = linkage.candidate_pairs(
        sides[0], linkage.build_indexes(sides[1], passes), passes, cap=cap
    )
    wanted = set()
    for i, key in enumerate(a):
        met = [j for j, other in enumerate(b) if key and key == other]
        if len(met) > cap:  # a large block is cut by one more field, never dropped
            met = [j for j in met if finer[0][i] and finer[0][i] == finer[1][j]]
        wanted |= {(i, j) for j in met}
    assert set(zip(*(one.tolist() for one in found), strict=True)) == wanted


def test_weights_are_learned_without_being_told():
    dice = np.random.default_rng(7)
    true = dice.random(40_000) < 0.1
    m, u = (0.95, 0.05), (0.2, 0.8)
    columns = []
    for _ in range(4):
        agree = np.where(true, dice.random(true.size) < m[0], dice.random(true.size) < u[0])
        columns.append(np.where(agree, 1, 2))
    levels = np.stack(columns, axis=1).astype(np.int8)
    patterns, counts = np.unique(levels, axis=0, return_counts=True)
    start = [FieldWeights(name=str(n), m=(1, 0.8, 0.2), u=(1, 0.4, 0.6)) for n in range(4)]
    weights, prior = linkage.learn(patterns, counts.astype(float), start, prior=0.3)
    assert abs(prior - 0.1) < 0.02
    for field in weights:
        assert abs(field.m[1] - m[0]) < 0.03
        assert abs(field.u[1] - u[0]) < 0.03


def test_what_a_person_decided_outweighs_the_guess():
    patterns = np.array([[1], [2]], dtype=np.int8)
    start = [FieldWeights(name="n", m=(1, 0.9, 0.1), u=(1, 0.1, 0.9))]
    told = np.array([0.0, 1.0])  # all that agreed were strangers
    weights, _ = linkage.learn(patterns, np.array([50.0, 50.0]), start, prior=0.5, known=told)
    assert weights[0].bits()[1] < 0 < weights[0].bits()[2]
