"""Means with their 95 % intervals, of values and of paired differences (平均と信頼区間)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

LEVEL = 0.95
_ROUNDING = 1e-6
_T_FEW = (12.7062047, 4.3026527, 3.1824463)
_Z = 1.959963984540054


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A mean over replications; ``low`` and ``high`` are None where one alone says nothing (推定)."""

    mean: float
    low: float | None
    high: float | None

    @property
    def is_clear(self) -> bool:
        """Tell whether the interval leaves zero out; what only rounding made is zero (0 を含まない)."""
        if self.low is None or self.high is None:
            return False
        return self.low > _ROUNDING or self.high < -_ROUNDING

    def times(self, factor: float) -> Estimate:
        """Return the same in another unit (換算)."""
        low = None if self.low is None else self.low * factor
        high = None if self.high is None else self.high * factor
        if low is not None and high is not None and low > high:
            low, high = high, low
        return Estimate(mean=self.mean * factor, low=low, high=high)


def estimate(values: Sequence[float]) -> Estimate:
    """Return the mean of replications and its interval by Student's t (平均と区間)."""
    found = np.asarray(values, dtype=float)
    mean = float(found.mean()) if len(found) else 0.0
    if len(found) < 2:
        return Estimate(mean=mean, low=None, high=None)
    half = t_quantile(len(found) - 1) * float(found.std(ddof=1)) / len(found) ** 0.5
    return Estimate(mean=mean, low=mean - half, high=mean + half)


def one_year(values: Sequence[float]) -> Estimate:
    """Return the mean and between what a single year lies, 95 of 100 times (一年の幅)."""
    whole = estimate(values)
    if whole.low is None:
        return whole
    half = (whole.mean - whole.low) * (len(values) + 1) ** 0.5
    return Estimate(mean=whole.mean, low=whole.mean - half, high=whole.mean + half)


def difference(after: Sequence[float], before: Sequence[float]) -> Estimate:
    """Return after less before, replication by replication: the same days on both sides (対の差)."""
    assert len(after) == len(before), "only the same replications can be paired"
    return estimate([one - other for one, other in zip(after, before, strict=True)])


def t_quantile(freedom: int) -> float:
    """Return the 97.5 % point of Student's t.

    As printed for the first few degrees; above by Fisher's expansion about the normal (Abramowitz
    and Stegun 26.7.5), right to three digits from four degrees on.
    """
    if freedom <= len(_T_FEW):
        return _T_FEW[freedom - 1]
    z, n = _Z, float(freedom)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / n**power for power, term in enumerate(terms, start=1))
