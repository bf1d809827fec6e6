"""flask verify: what it prints, and how it ends."""

import json

import pytest

from hsh.db import db
from hsh.models.books import AuditEntry
from tests import given


@pytest.fixture
def app(make_app, books):
    """The app as an operator has it: with the owner's address, who sees every guard."""
    owner = getattr(books, "owner_url", "")
    return make_app(**({"HSH_MIGRATE_URL": owner} if owner else {}))


@pytest.fixture
def verify(app):
    def run(*words):
        return app.test_cli_runner().invoke(args=["verify", *map(str, words)])

    return run


@pytest.fixture
def cheat(app):
    """Change a level, which no trigger guards."""

    def run():
        given.put(
            given.registry.Place(
                ref=given.uuid4(), kind="depot", code="GHOST", name="Ghost", active=True, version=1
            )
        )

    return run


@pytest.fixture
def anchors(tmp_path):
    def write(content):
        file = tmp_path / "anchors.txt"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    return write


def test_empty_books_hold_every_law(verify):
    done = verify()
    assert done.exit_code == 0
    lines = done.output.splitlines()
    assert lines[0].split()[:2] == ["ok", "stock.levels_are_moves"]
    assert lines[-1] == f"All {len(lines) - 1} laws hold."


def test_a_broken_law_ends_with_1_and_names_the_place(verify, cheat):
    cheat()
    done = verify()
    assert done.exit_code == 1
    [broken] = [line for line in done.output.splitlines() if line.startswith("BROKEN")]
    assert "registry.places_have_kind" in broken
    assert "GHOST: kind=depot is_a=None" in broken
    assert "1 of " in done.output.splitlines()[-1]


def test_as_json_it_is_one_object(verify, cheat):
    good = json.loads(verify("--json").output)
    assert good["ok"] is True
    assert {tuple(check) for check in good["checks"]} == {("name", "ok", "detail", "seconds")}
    cheat()
    done = verify("--json")
    bad = json.loads(done.output)
    assert (bad["ok"], done.exit_code) == (False, 1)
    assert [c["name"] for c in bad["checks"] if not c["ok"]] == ["registry.places_have_kind"]
    assert all(isinstance(check["seconds"], float) for check in bad["checks"])


def an_entry(app):
    depot = given.a_depot()
    given.a_supervisor(depot)
    given.stock(depot, {given.a_size(): 5})
    return db.session.query(AuditEntry).order_by(AuditEntry.sequence).first()


@pytest.mark.parametrize("digits", [16, 20, 64])
def test_an_anchor_that_agrees_is_another_law_that_holds(verify, anchors, app, digits):
    entry = an_entry(app)
    done = verify("--anchors", anchors(f"\n{entry.sequence} {entry.hash[:digits]}\n\n"))
    assert "ok      audit.paper_anchors" in done.output
    assert "BROKEN  audit" not in done.output


def test_an_anchor_may_be_grouped_as_it_is_printed(verify, anchors, app):
    entry = an_entry(app)
    grouped = " ".join(entry.hash[i : i + 4].upper() for i in range(0, 16, 4))
    assert "ok      audit.paper_anchors" in verify("--anchors", anchors(f"1 {grouped}")).output


def test_an_anchor_that_differs_breaks_the_law(verify, anchors, app):
    an_entry(app)
    done = verify("--anchors", anchors(f"1 {'0' * 16}\n"))
    assert done.exit_code == 1
    assert f"anchor 1: paper={'0' * 16} book=" in done.output


def test_an_anchor_that_is_not_there_breaks_the_law(verify, anchors):
    done = verify("--anchors", anchors(f"7 {'0' * 64}\n"))
    assert done.exit_code == 1
    assert "book=None" in done.output


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "The file has no anchors."),
        ("\n \n", "The file has no anchors."),
        ("1", "Line 1 of the anchors"),
        ("1 " + "0" * 15, "Line 1 of the anchors"),
        ("1 " + "0" * 65, "Line 1 of the anchors"),
        (f"1 {'0' * 16}\nx {'0' * 16}", "Line 2 of the anchors"),
        (f"1 {'0' * 16}\n\n0 {'0' * 16}", "Line 3 of the anchors"),
        (f"-1 {'0' * 16}", "Line 1 of the anchors"),
        (f"{'9' * 40} {'0' * 16}", "Line 1 of the anchors"),
        (f"1 {'g' * 16}", "Line 1 of the anchors"),
        (f"1,{'0' * 16}", "Line 1 of the anchors"),
        (b"\xff\xfe1 0000", "not text in UTF-8"),
        ("1 " + "0" * 100_000, "Line 1 of the anchors"),
    ],
)
def test_a_file_that_will_not_do_is_refused_before_anything_is_checked(
    verify, anchors, content, says
):
    done = verify("--anchors", anchors(content))
    assert done.exit_code == 2
    assert says in done.stderr
    assert "stock." not in done.output


def test_a_file_that_is_not_there_is_told(verify, tmp_path):
    done = verify("--anchors", tmp_path / "none.txt")
    assert done.exit_code == 2
    assert "No such file" in done.stderr


def test_a_folder_is_no_file_of_anchors(verify, tmp_path):
    assert verify("--anchors", tmp_path).exit_code == 2


def test_a_database_without_its_tables_is_broken_throughout(tmp_path, make_app, database_url):
    if not database_url.startswith("sqlite"):
        pytest.skip("an empty file is an empty database on SQLite alone")
    runner = make_app(DATABASE_URL=f"sqlite:///{tmp_path / 'nothing.sqlite3'}").test_cli_runner()
    done = runner.invoke(args=["verify"])
    assert done.exit_code == 1
    assert "no such table" in done.output
