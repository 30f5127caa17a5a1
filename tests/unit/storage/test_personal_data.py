"""Every table says whose its rows are, and the page for people says the same."""

from pathlib import Path

from storage.personal_data import HELD, NOBODYS
from storage.schema import metadata

PAGE = Path(__file__).parents[3] / "docs" / "privacy.md"


def test_every_table_is_somebodys_or_nobodys() -> None:
    assert {held.table.name for held in HELD}.isdisjoint(NOBODYS)
    assert {held.table.name for held in HELD} | set(NOBODYS) == set(metadata.tables)
    assert len({held.what for held in HELD}) == len(HELD)


def test_page_says_of_each_what_it_is_and_what_becomes_of_it() -> None:
    rows = [
        f"| {held.what} | `{held.table.name}` | {held.kept.format(clips=30, labs=90)} | {held.on_forget} | {held.on_uninstall} |"
        for held in HELD
    ]
    written = [line for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    assert [line for line in written if "`" in line and line.count("|") == 6] == rows
    assert [line for line in written if line.count("|") == 3][1:] == [
        f"| {what} | `{name}` |" for name, what in NOBODYS.items()
    ]
