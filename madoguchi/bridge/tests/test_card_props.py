"""Any order of commands against a model of ten lines; any bytes at all against a crash."""

import hypothesis.strategies as st
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from madoguchi.bridge import apdu, jpki
from madoguchi.bridge.emulator import profile
from madoguchi.bridge.emulator.card import EmulatedCard, parse
from madoguchi.bridge.emulator.memory import PassingMemory
from madoguchi.bridge.emulator.shape import Application, DataFile, KeyFile, Shape
from tests.patience import at_length

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_numbers()
PINS = {0x0018: profile.AUTH_PIN, 0x001B: profile.SIGN_PIN}
KEYS = {0x0017: 0x0018, 0x001A: 0x001B}
RIGHT = {0x0018: b"7395", 0x001B: b"QZ7395XK"}
SHAPE = Shape(
    atr=profile.ATR,
    applications=(
        Application(
            aid=jpki.AID,
            files={
                **PINS,
                **{k: KeyFile(numbers=KEY, opened_by=PINS[p].name) for k, p in KEYS.items()},
                0x0001: DataFile(content=bytes(300), opened_by=(profile.SIGN_PIN.name,)),
                0x000A: DataFile(content=bytes(range(256)) * 3),
            },
        ),
    ),
)


def new_card():
    values = {PINS[file_id].name: value for file_id, value in RIGHT.items()}
    return EmulatedCard(shape=SHAPE, memory=PassingMemory(values=values))


class Counters(RuleBasedStateMachine):
    """The card beside its model: PIN now, tries left, shown or not, and the file chosen."""

    @initialize()
    def on_a_reader(self):
        self.card = new_card()
        self.pin = dict(RIGHT)
        self.left = {file_id: pin.tries_max for file_id, pin in PINS.items()}
        self.shown, self.file, self.chosen = set(), None, False

    @rule()
    def choose_application(self):
        assert self.card.answer(bytes(apdu.select_application(jpki.AID))) == b"\x90\x00"
        self.shown, self.file, self.chosen = set(), None, True

    @rule(file_id=st.sampled_from([*PINS, *KEYS, 0x0001, 0x000A, 0x1234]))
    def choose_file(self, file_id):
        known = self.chosen and file_id != 0x1234
        answer = self.card.answer(bytes(apdu.select_file(file_id)))
        assert answer == (b"\x90\x00" if known else b"\x6a\x82")
        self.file = file_id if known else None

    @rule(pin=st.sampled_from(["now", "first", "wrong", "other"]))
    def verify(self, pin):
        pick = {"now": self.pin, "first": RIGHT}.get(pin, {})
        other = next((v for k, v in self.pin.items() if k != self.file), b"7395")
        value = pick.get(self.file, other if pin == "other" else b"000000")
        answer = self.card.answer(bytes(apdu.verify(bytearray(value))))
        if self.file not in PINS:
            assert answer == b"\x69\x86"
        elif self.left[self.file] == 0:
            assert answer == b"\x69\x84"
        elif value == self.pin[self.file]:
            assert answer == b"\x90\x00"
            self.left[self.file] = PINS[self.file].tries_max
            self.shown.add(self.file)
        else:
            self.left[self.file] -= 1
            self.shown.discard(self.file)
            assert answer == bytes((0x63, 0xC0 | self.left[self.file]))

    @rule(value=st.sampled_from([b"7395", b"8642", b"QZ7395XK", b"AB86420", b"lower12"]))
    def change(self, value):
        answer = self.card.answer(bytes((0, 0x24, 1, 0x80, len(value))) + value)
        if self.file not in PINS:
            assert answer == b"\x69\x86"
        elif self.left[self.file] == 0:
            assert answer == b"\x69\x84"
        elif self.file not in self.shown:
            assert answer == b"\x69\x82"
        elif PINS[self.file].takes(value):
            assert answer == b"\x90\x00"
            self.pin[self.file] = value
        else:
            assert answer == b"\x6a\x80"

    @rule()
    def sign(self):
        answer = self.card.answer(bytes(apdu.sign(b"\x30\x03\x02\x01\x05")))
        if self.file not in KEYS:
            assert answer == b"\x69\x86"
        else:
            assert (len(answer) == 258) == (KEYS[self.file] in self.shown)

    # What readers do in one go, so that long ways through the card are walked often.

    @rule(file_id=st.sampled_from([*PINS]), pin=st.sampled_from(["now", "now", "wrong"]))
    def show(self, file_id, pin):
        if not self.chosen:
            self.choose_application()
        self.choose_file(file_id)
        self.verify(pin)

    @rule(key=st.sampled_from([*KEYS]))
    def sign_with(self, key):
        self.choose_file(key)
        self.sign()

    @rule()
    def read_what_is_shut(self):
        self.choose_file(0x0001)
        self.read()

    @rule()
    def read(self):
        answer = self.card.answer(bytes(apdu.read_binary(0, 4)))
        if self.file == 0x0001:
            assert (answer[-2:] == b"\x90\x00") == (0x001B in self.shown)
        elif self.file == 0x000A:
            assert answer == b"\x00\x01\x02\x03\x90\x00"
        else:
            assert answer == (b"\x69\x86" if self.file is None else b"\x69\x81")

    @rule()
    def power(self):
        self.card.reset()
        self.shown, self.file, self.chosen = set(), None, False

    @invariant()
    def asking_costs_nothing_and_tells_the_truth(self):
        if getattr(self, "file", None) in PINS:
            answer = self.card.answer(bytes(apdu.ask_tries()))
            assert answer == bytes((0x63, 0xC0 | self.left[self.file]))


TestCounters = pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning")(
    Counters.TestCase
)
TestCounters.settings = at_length(120, stateful_step_count=40)


headers = st.tuples(
    st.sampled_from([0x00, 0x80, 0x10, 0xFF]),
    st.sampled_from([0xA4, 0xB0, 0xB2, 0x20, 0x24, 0x2A, 0xC0, 0x00]),
    st.sampled_from([0x00, 0x01, 0x02, 0x04, 0x80, 0xFF]),
    st.sampled_from([0x00, 0x0C, 0x80, 0xFF]),
).map(bytes)
commands = st.one_of(
    st.binary(max_size=300), st.builds(bytes.__add__, headers, st.binary(max_size=40))
)


@at_length(400)
@given(st.lists(commands, max_size=25), st.booleans())
def test_no_bytes_crash_the_card_or_open_it(sent, verified):
    card = new_card()
    card.answer(bytes(apdu.select_application(jpki.AID)))
    if verified:
        card.answer(bytes(apdu.select_file(0x0018)))
        card.answer(bytes(apdu.verify(bytearray(RIGHT[0x0018]))))
    for one in sent:
        answer = card.answer(one)
        assert 2 <= len(answer) <= 258
        # Nobody guesses the password of eight signs: what it guards stays shut.
        card.answer(bytes(apdu.select_application(jpki.AID)))
        card.answer(bytes(apdu.select_file(0x0001)))
        assert card.answer(bytes(apdu.read_binary(0, 4))) == b"\x69\x82"


@settings(deadline=None)
@given(st.binary(min_size=1, max_size=255), st.one_of(st.none(), st.integers(1, 256)))
def test_parsing_gives_back_what_was_written(data, wanted):
    raw = b"\x00\xa4\x04\x0c" + bytes((len(data),)) + data
    found = parse(raw + (b"" if wanted is None else bytes((wanted % 256,))))
    assert (found.data, found.wanted) == (data, wanted)
