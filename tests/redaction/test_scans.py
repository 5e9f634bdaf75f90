"""Many scans of fictional forms: none keeps a digit, few are refused, judged by the truth."""

import pytest

from tests.redaction.judge import burn_out, residue, scan

#: The suite reads these, ``--full`` three hundred others, ``bench redaction --full`` a thousand.
SAMPLE = range(40_000, 40_010)


@pytest.mark.parametrize("tens", range(len(SAMPLE) // 10))
def test_x1_no_digit_is_left_in_a_sample(tens):
    _judge(SAMPLE[tens * 10 : tens * 10 + 10], refused_most=1)


@pytest.mark.full(minutes=3)
@pytest.mark.parametrize("hundreds", range(3))
def test_x1_no_digit_is_left_in_three_hundred(hundreds):
    _judge(range(hundreds * 100, hundreds * 100 + 100), refused_most=5)


def _judge(seeds, refused_most):
    left, refused = [], []
    for seed in seeds:
        one = scan(seed)
        done = burn_out(one.data)
        if not done.read.clean:
            assert not done.pdf and not done.picture_png
            refused.append((seed, [problem.code for problem in done.read.problems]))
        elif why := residue(one, done):
            left.append((seed, why))
    assert left == []
    assert len(refused) <= refused_most, refused
