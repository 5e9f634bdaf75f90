"""The README's invariants, each with the tests that hold it; and the floor it stands on."""

import ast
import re
from pathlib import Path

import pytest

from madoguchi.bridge import cli

BRIDGE = Path(__file__).resolve().parents[1]
HELD_BY = {
    "B1": ("test_no_pin_in_any_answer_log_or_file", "test_the_pin_is_wiped_whatever_happens",
           "test_the_pin_goes_to_the_bridge_and_nowhere_else", "test_the_command_with_the_pin_is_wiped"),
    "B2": ("test_one_proof_a_challenge", "test_a_challenge_ends_after_two_minutes",
           "test_a_proof_is_for_the_site_that_asked_and_for_no_other", "test_a_nonce_is_taken_once"),
    "B3": ("test_another_host_name_is_not_ours", "test_only_our_own_pages_may_ask",
           "test_it_listens_on_loopback_only", "test_a_stranger_cannot_frame_it"),
    "B4": ("test_tries_are_told_without_costing_one", "test_a_blocked_card_is_not_shown_a_pin",
           "test_tries_are_told_before_the_last_one_and_then_it_is_blocked"),
    "B5": ("test_many_at_once_get_one_proof_and_lose_no_try",
           "test_a_shown_pin_is_not_inherited_by_the_next_program"),
    "B6": ("test_the_number_of_the_person_is_never_asked_for",),
    "B7": ("test_a_card_pulled_out_in_the_middle", "test_two_cards_are_one_too_many",
           "test_a_card_taken_away_at_any_moment_gives_no_proof_and_costs_no_try"),
    "B8": ("test_no_way_leads_to_a_fictional_card_in_production",
           "test_fictional_cards_do_not_start_for_a_real_site"),
    "B9": ("test_it_blocks_and_stays_blocked_after_a_restart", "TestCounters",
           "test_a_blocked_pin_stays_blocked_without_power_and_after_a_restart"),
}  # fmt: skip


def names_of_tests():
    places = [*BRIDGE.glob("tests/test_*.py"), BRIDGE.parents[1] / "tests/browser/test_pin_pad.py"]
    for path in places:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                yield node.name
            if isinstance(node, ast.Assign):
                yield from (one.id for one in node.targets if isinstance(one, ast.Name))


def test_each_invariant_is_held_by_tests_that_are_there():
    promised = re.findall(r"^- (B\d+) ", (BRIDGE / "README.md").read_text(), re.MULTILINE)
    assert promised == list(HELD_BY)
    wanted = {name for names in HELD_BY.values() for name in names}
    assert wanted - set(names_of_tests()) == set()


def test_the_readme_is_one_screen_and_its_commands_are_there():
    text = (BRIDGE / "README.md").read_text()
    assert len(text.splitlines()) <= 70
    for words in re.findall(r"^\./run bridge ([\w-]+)", text, re.MULTILINE):
        with pytest.raises(SystemExit) as ended:
            cli.main([words, "--help"])
        assert ended.value.code == 0


def test_the_reader_knows_no_file_of_the_number():
    """No module outside the emulator writes the name of a 券面 application."""
    for path in BRIDGE.glob("*.py"):
        assert "D39210003100010104" not in path.read_text(), path.name
