import random

from madoguchi.kernel import checkdigits
from madoguchi.town import numbers

SERIALS = [*range(1, 40), *random.Random(8).sample(range(100_000_000), 1_500), 99_999_999]


def test_tables_write_what_the_kernel_writes():
    for serial in SERIALS:
        assert numbers.addressee_no(serial) == checkdigits.make_addressee_no(serial)
        assert checkdigits.is_valid_household_no(numbers.household_no(serial))
        assert checkdigits.is_valid_resident_code(numbers.resident_code(serial))
        assert checkdigits.is_valid_individual_number(numbers.individual_number(serial))


def test_numbers_of_different_serials_differ():
    for write in (
        numbers.addressee_no,
        numbers.household_no,
        numbers.resident_code,
        numbers.individual_number,
    ):
        assert len({write(serial) for serial in SERIALS}) == len(set(SERIALS))


def test_reserved_block_is_out_of_reach_of_ordinary_serials():
    assert numbers.named_serial(1) > numbers.SERIAL_LIMIT
    assert numbers.named_person_no(1).startswith("00000099")
    assert numbers.individual_number(5).startswith("999")
    assert numbers.resident_code(5).startswith("99")
