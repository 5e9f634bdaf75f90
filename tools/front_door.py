"""Import Linter contract: one room may enter another only by its front door, ``api``.

Import Linter's own contracts can forbid a module to everybody or to a list, but cannot
say "another room's tables, though mine are fine"; this walks the graph and can.
"""

from __future__ import annotations

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class FrontDoorContract(Contract):
    """Fields: root package, the rooms, the door, the side door of tests, and who joins them.

    ``joiner`` is the floor that puts the parts together (settings, command line): it starts
    actions and asks queries by name as views do, and may enter those two as well.
    ``supplier`` is the floor of adapters: it fills a room's ``ports`` and speaks the words of its
    ``domain``, and may enter those two.
    """

    root = fields.StringField()
    rooms = fields.ListField(subfield=fields.StringField())
    door = fields.StringField()
    side_door = fields.StringField()
    joiner = fields.StringField()
    supplier = fields.StringField()

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002
        """Return every import that goes round a door."""
        rooms = {f"{self.root}.{room}" for room in self.rooms}
        wrong = []
        for importer in sorted(graph.modules):
            home = ".".join(importer.split(".")[:2])
            inner = importer.split(".")[2:3]
            for imported in graph.find_modules_directly_imported_by(importer):
                away = ".".join(imported.split(".")[:2])
                if away not in rooms or away == home:
                    continue
                entered = imported.split(".")[2:3]
                by_side = entered == [self.side_door] and (
                    inner in (["tests"], [self.side_door]) or "tests" in importer.split(".")
                )
                by_joiner = home == self.joiner and entered in (["actions"], ["queries"])
                by_supplier = home == self.supplier and entered in (["ports"], ["domain"])
                allowed = by_side or by_joiner or by_supplier
                if entered not in ([self.door], []) and not allowed:
                    wrong.append(f"{importer} -> {imported}")
        return ContractCheck(kept=not wrong, metadata={"wrong": wrong})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print one line for each import that goes round a door."""
        for line in check.metadata["wrong"]:
            output.print_error(line)
