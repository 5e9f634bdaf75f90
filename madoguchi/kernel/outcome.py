"""What a rule or an action answers when it cannot say yes (結果)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One reason not to go on, as a code; the catalogue holds its sentences (不備).

    `where` names the field or the line; `facts` fill the {placeholders} of the sentences.
    """

    code: str
    where: str | None = None
    # Not hashed, because a mapping cannot be; still compared, so a set of problems works.
    facts: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        assert self.code
        assert self.code == self.code.upper(), self.code


class Refused(Exception):
    """An action was refused and its transaction must roll back (受理できない)."""

    problems: tuple[Problem, ...]

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        assert self.problems, "a refusal without a reason helps nobody"
        # Codes only: the text of an exception reaches logs, and facts may be personal.
        super().__init__(", ".join(problem.code for problem in self.problems))

    def __reduce__(self) -> tuple[type["Refused"], tuple[tuple[Problem, ...]]]:
        # Without this a refusal cannot cross a process: Exception keeps only its text.
        return (type(self), (self.problems,))


class AlertsUnanswered(Refused):
    """Nothing forbids it, but the clerk has to say "go on" to these first (アラート)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unavailable:
    """Something outside gave no answer; never to be read as "none" (応答なし)."""

    reason: str

    def __bool__(self) -> bool:
        raise TypeError("Unavailable is neither yes nor no; ask isinstance(answer, Unavailable)")
