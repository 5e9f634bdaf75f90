"""Reading of the tables written by hand: cases and what must come of them (手で書いた表)."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent
PAPERS = {
    "dl": "driving_licence", "pp": "passport", "mn": "my_number_card", "rc": "residence_card",
    "dis": "disability_certificate", "hist": "driving_history_certificate",
    "bas": "basic_resident_card", "hi": "health_insurance_eligibility",
    "ic": "health_insurance_card", "pb": "pension_book", "pn": "pension_number_notice",
    "stu": "student_id", "emp": "employee_id", "med": "medical_recipient_certificate",
    "bank": "bankbook", "mch": "mother_child_handbook", "pc": "photo_certificate",
    "nn": "number_notice",
}  # fmt: skip
NAMES = {
    "expired": "expired_documents", "differs": "differing_documents", "present": "holder_present",
    "guardianship": "under_guardianship", "household": "same_household",
    "lines": "annotation_lines_used", "licence": "has_licence_function",
}  # fmt: skip


def lines_of(name):
    for number, line in enumerate((HERE / name).read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            yield number, [cell.strip() for cell in line.split("|")]


def papers_of(cell):
    if cell == "?":
        return None
    return [] if cell == "-" else [PAPERS[word] for word in cell.split()]


def checklist_cases():
    """Each row: its line, the case as a file would hold it, problems, warnings."""
    for number, cells in lines_of("golden_checklist.txt"):
        first, shown, visitors, more, problems, warnings = (*cells, "")[:6]
        visit, visitor, age = first.split()
        case = {"visit_kind": visit, "visitor": visitor, "age": int(age), "today": "2026-11-27"}
        case |= {"documents": papers_of(shown), "visitor_documents": papers_of(visitors)}
        for pair in more.split():
            name, value = pair.split("=")
            case[NAMES.get(name, name)] = _value(name, value)
        told = {name: value for name, value in case.items() if value is not None}
        yield number, told, set(problems.split()), set(warnings.split())


def _value(name, value):
    if name in ("expired", "differs"):
        return [PAPERS[word] for word in value.split(",")]
    if name == "papers":
        return [] if value == "-" else value.split(",")
    if name == "lines":
        return int(value)
    return {"yes": True, "no": False}.get(value, value)
