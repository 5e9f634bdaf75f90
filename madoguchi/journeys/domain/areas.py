"""Areas of the town from the smallest upward, and who may stand alone (地区とまとめ方)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: The whole town: the parent of those with none, and of cases of no known area.
TOWN = "TOWN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One area, its people, and the larger one it lies in (地区)."""

    code: str
    ja: str
    names: tuple[str, ...]
    people: int
    parent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the table says of small numbers, areas, lanes and ends (ジャーニーの表)."""

    k: int
    people_min: int
    areas: Mapping[str, Area]
    lanes: Mapping[str, tuple[str, ...]]
    ends: frozenset[str]

    @property
    def area_names(self) -> Mapping[str, str]:
        """Lead from every name of an area, in small letters, to its code (地区の名前)."""
        return {
            name.casefold(): one.code
            for one in self.areas.values()
            for name in (one.code, one.ja, *one.names)
        }

    @property
    def lane_names(self) -> Mapping[str, str]:
        """Lead from every name of a lane, in small letters, to its code (段の名前)."""
        return {
            name.casefold(): code for code, names in self.lanes.items() for name in (code, *names)
        }

    def path(self, area: str) -> tuple[str, ...]:
        """Return an area and all it lies in, up to the town (地区から町全体まで)."""
        found = []
        while area in self.areas and area not in found:
            found.append(area)
            area = self.areas[area].parent
        return (*found, TOWN)


def read_rules(table: Mapping[str, Any]) -> Rules:
    """Take the rules out of their table; a table that protects nobody stops the start (表を読む)."""
    areas = {
        code: Area(code=code, ja=str(row["ja"]), names=tuple(row["names"]),
                   people=int(row["people"]), parent=str(row["parent"]) or TOWN)
        for code, row in table["areas"].items()
    }  # fmt: skip
    unknown = {one.parent for one in areas.values()} - areas.keys() - {TOWN}
    if unknown:
        raise ValueError(f"journeys.toml: no such parent area: {sorted(unknown)}")
    if int(table["k"]) < 3:
        # With two, each of the two knows the other.
        raise ValueError("journeys.toml: k is at least 3")
    return Rules(
        k=int(table["k"]), people_min=int(table["people_min"]), areas=areas,
        lanes={code: tuple(names) for code, names in table["lanes"].items()},
        ends=frozenset(table["ends"]["names"]),
    )  # fmt: skip


def group_areas(cases: Mapping[str, int], rules: Rules) -> Mapping[str, str]:
    """Put areas together until each group is large enough; return area → group (地区のまとめ).

    An area goes up to its parent while it has too few people or too few cases. When one area
    of a parent has to go up, all that lie in that parent go with it: what was left alone
    would be known as "the parent without it". Cases of no known area go with the whole town.
    """
    group = {area: area if area in rules.areas else TOWN for area in cases}
    while True:
        size: dict[str, int] = {}
        for area, count in cases.items():
            size[group[area]] = size.get(group[area], 0) + count
        small = [one for one, count in size.items() if one != TOWN and _small(one, count, rules)]
        if 0 < size.get(TOWN, 0) < rules.k and len(size) > 1:
            small.append(
                min((one for one in size if one != TOWN), key=lambda one: (size[one], one))
            )
        if not small:
            return group
        parent = rules.areas[min(small, key=lambda one: (-len(rules.path(one)), one))].parent
        group = {area: parent if parent in rules.path(now) else now for area, now in group.items()}


def _small(area: str, cases: int, rules: Rules) -> bool:
    return rules.areas[area].people < rules.people_min or cases < rules.k
