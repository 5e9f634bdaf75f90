"""Reading of the cases written by hand (手で書いた場合)."""

from pathlib import Path

HERE = Path(__file__).parent
CARDS = {"p": "present", "l": "lost", "s": "suspended", "n": "none"}
PINS = {"k": "known", "f": "forgotten", "x": "locked"}
SAYS = {"y": True, "n": False}
FLAGS = {
    "paper": ("paper_certificate", True), "needs": ("needs_paper", True),
    "photo": ("photo_id", True), "protected": ("protected", True),
    "unregistered": ("unregistered", True), "abroad=yes": ("from_abroad", True),
    "abroad=no": ("from_abroad", False), "group=foreign": ("nationality_group", "foreign"),
}  # fmt: skip


def triage_cases():
    """Each row: its line, the case as a file would hold it, the letter, the last day."""
    text = (HERE / "golden_triage.txt").read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        told, answer = line.split("|")
        notice, card, pin, planned, moved, today, *flags = told.split()
        letter, last = answer.split()
        case = {
            "move_out_notice_found": SAYS.get(notice), "card": CARDS.get(card),
            "pin": PINS.get(pin), "planned_move_out_on": None if planned == "-" else planned,
            "moved_in_on": None if moved == "-" else moved, "today": today,
            **dict(FLAGS[flag] for flag in flags),
        }  # fmt: skip
        kept = {name: value for name, value in case.items() if value is not None}
        yield number, kept, letter, None if last == "-" else last
