"""Order, what hides, and what costs: the search beyond merely finding (検索)."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.kernel.actor import Right
from madoguchi.kernel.checkdigits import make_addressee_no, make_individual_number
from madoguchi.protection.testing import protect
from madoguchi.register.actions.bulk import copy_rows
from madoguchi.register.actions.searching import fill_search_keys, refresh_search_keys
from madoguchi.register.domain.items import Status
from madoguchi.register.domain.search import keys_of, read_question
from madoguchi.register.domain.search.keys import BUCKETS, bucket_of, sort_key_of
from madoguchi.register.domain.search.question import PartKind
from madoguchi.register.domain.search.spelling import Spelling
from madoguchi.register.queries.search import finding, search
from madoguchi.register.testing import at, clerk, make_version
from madoguchi.register.tests.search_town import TOWN, golden, person_id, settle

CLERK = clerk(Right.SEARCH)
SENIOR = clerk(Right.SEARCH, Right.SEE_PROTECTED, staff_id="NAGI")


class Quiet:
    def advance(self, count=1, *, step=None):
        del count, step


def people(*rows):
    """Enter (serial, name, kana[, items]) and return nothing."""
    versions = []
    for serial, name, kana, *more in rows:
        given = {"household_no": make_addressee_no(serial), "resident_code": "",
                 "address": TOWN + "古仁屋1番地"} | (more[0] if more else {})  # fmt: skip
        past = given.pop("past", [])
        for number, before in enumerate([*past, {}], start=1):
            row = {"name": name, "name_kana": kana} | given | before
            moment = at(f"2020-01-{number:02}")
            versions.append(
                make_version(make_addressee_no(serial), number, recorded_at=moment, **row)
            )
    copy_rows(versions)
    refresh_search_keys(one.person_id for one in versions)


def names(text, *, actor=CLERK, limit=50):
    return [hit.name for hit in search(text, actor=actor, limit=limit).hits]


def matched(text):
    return {hit.name: hit.matched_by for hit in search(text, actor=CLERK).hits}


# -- order -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_one_letter_surname_comes_before_all_that_holds_the_letter():
    people(
        (1, "井元　花", "イモト　ハナ"),
        (2, "元井　花", "モトイ　ハナ"),
        (3, "山田　元", "ヤマダ　ハジメ"),
        (4, "元　花", "ハジメ　ハナ"),
        (5, "里　元子", "サト　モトコ"),
        (6, "元", "ゲン"),
        (7, "秋　花", "アキ　ハナ", {"address": TOWN + "元町1番地"}),
    )
    assert names("元") == ["元", "元　花", "山田　元", "元井　花", "井元　花", "里　元子"]
    assert names("元町") == ["秋　花"]


@pytest.mark.django_db
def test_kana_surname_comes_before_the_beginning_and_the_middle():
    people(
        (1, "鬼頭　栄", "キトウ　サカエ"),
        (2, "栄田　花", "サカエダ　ハナ"),
        (3, "栄　花", "サカエ　ハナ"),
        (4, "井坂　恵利", "イサカ　エリ"),
    )
    assert names("さかえ") == ["栄　花", "鬼頭　栄", "栄田　花", "井坂　恵利"]


@pytest.mark.django_db
def test_what_was_typed_exactly_comes_before_what_sounds_alike():
    people(
        (1, "和田　花", "ワダ　ハナ"), (2, "羽田　花", "ハダ　ハナ"), (3, "畑　花", "ハタケ　ハナ")
    )
    assert names("はた")[:2] == ["羽田　花", "和田　花"]
    assert set(names("わた")) == {"和田　花", "羽田　花", "畑　花"}


@pytest.mark.django_db
def test_present_before_past_and_living_before_removed_and_then_kana():
    people(
        (1, "森　あ", "モリ　ア", {"past": [{"name": "海　あ", "name_kana": "ウミ　ア"}]}),
        (2, "海　う", "ウミ　ウ"),
        (3, "海　い", "ウミ　イ", {"status": Status.DEAD}),
        (4, "海　え", "ウミ　エ"),
    )
    assert names("海") == ["海　う", "海　え", "海　い", "森　あ"]
    assert names("うみ") == ["海　う", "海　え", "海　い", "森　あ"]
    assert matched("海")["森　あ"] == "PAST_NAME"


@pytest.mark.django_db
def test_it_says_by_what_each_was_found():
    settle()
    assert matched("海野")["海野　葵"] == "NAME"
    assert matched("ウンノ")["海野　葵"] == "KANA"
    assert matched("西郷")["海野　葵"] == "PAST_NAME"
    assert matched("高丘")["海野　葵"] == "ADDRESS"
    assert matched("手安")["海野　葵"] == "PAST_ADDRESS"
    assert matched("尾崎")["真島　涼"] == "OTHER_NAME"
    assert matched("H2.4.12")["海野　葵"] == "BIRTH_DATE"
    assert matched("海野 H2.4.12")["海野　葵"] == "BIRTH_DATE+NAME"
    assert matched(person_id("葵"))["海野　葵"] == "ADDRESSEE_NO"


@pytest.mark.django_db
def test_numbers_of_a_lot_are_met_whole():
    people(
        (1, "海　一", "ウミ　イチ", {"address": TOWN + "船津1283番地5"}),
        (2, "海　二", "ウミ　ニ", {"address": TOWN + "船津1283番地51"}),
        (3, "海　三", "ウミ　サン", {"address": TOWN + "船津11283番地5"}),
    )
    assert names("1283-5") == ["海　一"]
    assert names("船津1283") == ["海　一", "海　二"]


@pytest.mark.django_db
def test_a_full_page_says_that_there_are_more():
    people(*((n, f"浜　{chr(0x4E00 + n)}", f"ハマ　{chr(0x30A2 + n)}") for n in range(1, 61)))
    page = search("浜", actor=CLERK)
    assert (len(page.hits), page.truncated) == (50, True)
    whole = search("浜", actor=CLERK, limit=100)
    assert (len(whole.hits), whole.truncated) == (60, False)
    assert [hit.person_id for hit in whole.hits[:50]] == [hit.person_id for hit in page.hits]
    assert search("浜", actor=CLERK, limit=60).truncated is False


@pytest.mark.django_db
@pytest.mark.parametrize("limit", [1, 3, 7])
def test_a_shorter_page_is_the_beginning_of_the_longer(limit):
    settle()
    for _, query, _ in golden()[::9]:
        longer = [hit.person_id for hit in search(query, actor=CLERK).hits]
        shorter = search(query, actor=CLERK, limit=limit)
        assert [hit.person_id for hit in shorter.hits] == longer[:limit], query
        assert shorter.truncated is (len(longer) > limit)
        assert len(set(longer)) == len(longer)


# -- protection ------------------------------------------------------------------------


@pytest.mark.django_db
def test_held_people_do_not_exist_for_whom_they_do_not():
    """Two registers, with and without the held row: every answer is the same (§5)."""
    settle()
    everybody = {key for _, _, key in golden()}
    held = person_id("葵")
    queries = [query for _, query, _ in golden()][::3] + [
        q for _, q, key in golden() if key == "葵"
    ]
    # Without the row: as if she had never been entered.
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM register_search WHERE person_id = %s", [held])
        kept = cursor.fetchone()
        names_of = ", ".join(f'"{one[0]}"' for one in cursor.description)
        cursor.execute("DELETE FROM register_search WHERE person_id = %s", [held])
    without = [replace(search(q, actor=CLERK, limit=3), ms=0) for q in queries]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO register_search ({names_of}) VALUES ({', '.join(['%s'] * len(kept))})",
            kept,
        )
    assert any(
        replace(search(q, actor=CLERK, limit=3), ms=0) != one
        for q, one in zip(queries, without, strict=True)
    )
    protect(held)
    with_held = [replace(search(q, actor=CLERK, limit=3), ms=0) for q in queries]
    assert with_held == without
    assert held in {hit.person_id for hit in search("海野葵", actor=SENIOR).hits}
    assert len(everybody) > 20


@pytest.mark.django_db
def test_the_same_statements_are_asked_with_and_without_a_held_row():
    """No second pass that would tell by its time."""
    settle()
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            search("海", actor=CLERK)
        counts.append(len(queries))
        protect(person_id("梅"))
    assert counts[0] == counts[1]


# -- cost ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow_with_the_answer():
    people(*((n, f"浜　{chr(0x4E00 + n)}", f"ハマ　{chr(0x30A2 + n % 80)}") for n in range(1, 40)))

    def cost(limit):
        with CaptureQueriesContext(connection) as queries:
            search("浜", actor=CLERK, limit=limit)
        return len(queries)

    assert cost(2) == cost(30) <= 5


@pytest.mark.django_db
def test_every_btree_and_the_inverted_index_are_used():
    settle()
    for text in ("山", "ヤマ", "山田", "やま 古仁屋", "古仁屋"):
        question = read_question(text)
        for asked in finding._statements(question):
            sql, values = finding.sql_of(asked, without=(), open_only=True, limit=51)
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL enable_seqscan = off")
                cursor.execute("EXPLAIN " + sql, values)
                plan = "\n".join(line for (line,) in cursor.fetchall())
            assert "Seq Scan on register_search" not in plan, (text, plan)


# -- keys ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_keys_made_in_bulk_are_those_made_one_by_one():
    settle()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM register_search ORDER BY person_id")
        before = cursor.fetchall()
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'register_search'")
        indexes = sorted(cursor.fetchall())
        cursor.execute("DELETE FROM register_search")
    assert fill_search_keys(changed=(), progress=Quiet()) == len(before)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM register_search ORDER BY person_id")
        assert cursor.fetchall() == before
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'register_search'")
        assert sorted(cursor.fetchall()) == indexes


@given(st.text(st.characters(codec="utf-8"), max_size=12), st.booleans())
def test_buckets_follow_the_order_of_the_results(text, living):
    rank = 0 if living else 1
    key = sort_key_of(Spelling(name=text or "x", name_kana=text))
    other = sort_key_of(Spelling(name="x", name_kana="マルヤマ"))
    here, there = bucket_of(rank, key), bucket_of(rank, other)
    assert here in BUCKETS
    if key < other:
        assert BUCKETS.index(here) <= BUCKETS.index(there)
    if key > other:
        assert BUCKETS.index(here) >= BUCKETS.index(there)


@given(
    st.text(st.characters(codec="utf-8"), max_size=20),
    st.text(st.characters(codec="utf-8"), max_size=20),
)
def test_no_text_breaks_the_keys(name, kana):
    keys = keys_of(
        Spelling(name=name, name_kana=kana, address=name, building=kana),
        past=[Spelling(name=kana, previous_address=name)],
        is_resident=True,
    )
    assert all(-(2**31) <= one < 2**31 for one in keys.tokens)
    assert keys.names.count("|") != 1


@pytest.mark.django_db
@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=30))
def test_no_question_breaks_the_search(text):
    result = search(text, actor=CLERK)
    assert result.hits == ()


@pytest.mark.django_db
def test_signs_of_like_and_of_patterns_are_letters():
    people((1, "海　花", "ウミ　ハナ"))
    for text in ("%", "_", "海%", "|", "\\", "*", ".1", "(1", "[1", "海' OR 1=1 --", "1)"):
        assert names(text) in ([], ["海　花"]), text
    assert names("%") == names("_") == names("海%") == []


# -- questions -------------------------------------------------------------------------


def test_an_individual_number_is_not_searched_by():
    number = make_individual_number("99900000001")
    for text in (number, f"{number[:4]} {number[4:8]} {number[8:]}", f"海野 {number}"):
        question = read_question(text)
        assert question.had_individual_number
        assert question.is_empty
    assert number not in repr(read_question(number))


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("山田 S30.1.5", ["TEXT", "DAYS"]),
        ("やまだ　1955年1月", ["KANA", "DAYS"]),
        ("昭和 30年 1月 5日 山田", ["DAYS", "TEXT"]),
        ("1283-5", ["DIGITS"]),
        ("1955", ["DIGITS"]),
        ("ｺｰﾎﾟ", ["KANA"]),
        ("平成", ["TEXT"]),
        ("", []),
        ("　 ", []),
        ("ー", []),
    ],
)
def test_words_are_read_by_themselves(text, kinds):
    assert [part.kind for part in read_question(text).parts] == [PartKind(one) for one in kinds]


def test_a_pasted_page_is_cut_short():
    question = read_question("山田 " * 10_000)
    assert len(question.parts) <= 5
