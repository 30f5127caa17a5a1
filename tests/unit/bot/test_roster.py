"""Lists of people: every line is taken as it is meant, or named with its fault."""

import pytest

from bot.directory import Member
from bot.roster import Entry, find_people, read_entries

ADA = Member("U0ADA", "ada", "Ada", "Ada Quill", None, "ada@example.org")
BEN = Member("U0BEN", "ben", "Benny", "Ben Osei", None)
OTHER_BEN = Member("U0BEN2", "ben2", "benny", "Ben Other", None)
BOT = Member("U0BOT", "bot", "", "whospoke", None, is_bot=True)
EVERYBODY = (ADA, BEN, OTHER_BEN, BOT)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("U0ADA", ["U0ADA"]),
        ("U0ADA, U0BEN;U0CLEO\n\n  @dev \t<@U1|Ada Quill>", ["U0ADA", "U0BEN", "U0CLEO", "@dev", "<@U1>"]),
        ("user_id\nU0ADA\nU0BEN", ["U0ADA", "U0BEN"]),
        ('Name,E-Mail\n"Quill, Ada",ada@example.org', ["ada@example.org"]),
        ("\ufeffname;User\nAda;U0ADA", ["U0ADA"]),
        ("name\tid\r\nAda\tU0ADA\r\n", ["U0ADA"]),
        ("", []),
        ("\n \n", []),
        ("user_id,name\n,Nobody", [""]),
        ('user_id,name\nU1,"Ada\nU2,Ben\nU3,"C ""x"""', ['U1,"Ada', "U2", "U3"]),
        ("name,user_id\nshort", [""]),
    ],
)
def test_entries(text, names):
    assert [entry.text for entry in read_entries(text)] == names


def test_lines_are_counted_as_people_see_them():
    assert [entry.line for entry in read_entries("U1\n\nU2 U3")] == [1, 3, 3]
    assert [entry.line for entry in read_entries("user_id\nU1\n\nU2")] == [2, 4]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("U0ADA", "U0ADA"),
        ("<@U0BEN>", "U0BEN"),
        ("@ADA", "U0ADA"),
        ("@ben", "U0BEN"),
        ("ADA@example.org", "U0ADA"),
        ("<mailto:ada@example.org|ada@example.org>", "U0ADA"),
        ("@benny", "several people have that name; use the member id"),
        ("@nobody", "nobody in this workspace has that name"),
        ("U0NOBODY", "nobody in this workspace has that id"),
        ("x@example.org", "nobody in this workspace has that address"),
        ("U0BOT", "whospoke is a bot"),
        ("Ada", "is neither a member id (U…), an @name nor an e-mail address"),
        ("=cmd|'/C calc'!A0", "is neither a member id (U…), an @name nor an e-mail address"),
        ("", "the line has no member"),
    ],
)
def test_people(text, found):
    ids, faults = find_people([Entry(7, text)], EVERYBODY)
    if found.startswith("U0"):
        assert (ids, faults) == ([found], [])
    else:
        assert ids == []
        assert [(fault.line, fault.reason) for fault in faults] == [(7, found)]


def test_addresses_cannot_be_known_without_the_scope():
    _, faults = find_people([Entry(1, "ada@example.org")], [BEN])
    assert "may not see e-mail addresses" in faults[0].reason


def test_everybody_once():
    ids, faults = find_people(read_entries("U0ADA @ada <@U0ADA> U0BEN"), EVERYBODY)
    assert (ids, faults) == (["U0ADA", "U0BEN"], [])


def test_quotation_mark_without_its_fellow_is_a_fault_of_its_own_line():
    rows = ["name,user_id", '"Ada,U0ADA', "Ben,U0BEN", '"Be"n,U0BEN', "x" * 140_000 + ",U0BEN"]
    ids, faults = find_people(read_entries("\n".join(rows)), EVERYBODY)
    assert ids == ["U0BEN"]
    assert [(fault.line, fault.reason.split(";")[0]) for fault in faults] == [
        (line, "the quotation marks of this line do not match") for line in (2, 4, 5)
    ]
