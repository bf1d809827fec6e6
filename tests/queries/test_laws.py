# ruff: noqa: S608 - the statements are our own
"""Each way of cheating the books makes the laws red that it breaks, and no others."""

import pytest

from hsh.queries.books import audit_laws
from proof.tamper import anchors_on_paper, rechain, reseal

OF_THE_DEPOT = "place_id = (SELECT id FROM places WHERE code = 'JURONG')"
FULL_C127 = "stock_levels.condition = 'full' AND equipment_id = (SELECT id FROM equipment WHERE code = 'C127')"
FIRST_SALE = "id = 1"
VOID = "voids_id IS NOT NULL"

STOCK = {
    "a level is raised": (
        f"UPDATE stock_levels SET quantity = quantity + 1 WHERE {OF_THE_DEPOT} AND {FULL_C127}",
        {"stock.levels_are_moves", "stock.zero_sum"},
    ),
    "a level is gone": (
        f"DELETE FROM stock_levels WHERE {OF_THE_DEPOT} AND {FULL_C127}",
        {"stock.levels_are_moves", "stock.zero_sum"},
    ),
    "a level is below zero": (
        f"UPDATE stock_levels SET quantity = -1 WHERE {OF_THE_DEPOT} AND {FULL_C127}",
        {"stock.levels_are_moves", "stock.zero_sum", "stock.not_below_zero"},
    ),
    "a depot's level says that it is outside": (
        f"UPDATE stock_levels SET place_kind = 'outside' WHERE {OF_THE_DEPOT} AND {FULL_C127}",
        {"stock.not_below_zero"},
    ),
    "a move is larger": (
        "UPDATE stock_moves SET quantity = 8 WHERE kind = 'transfer'",
        {"stock.levels_are_moves"},
    ),
    "a move is gone": (
        "DELETE FROM stock_moves WHERE kind = 'transfer'",
        {"stock.levels_are_moves", "corrections.moves"},
    ),
    "a move of nothing": (
        "UPDATE stock_moves SET quantity = 0 WHERE kind = 'transfer'",
        {"stock.levels_are_moves", "stock.known_moves"},
    ),
    "a move that the trade does not know": (
        "UPDATE stock_moves SET kind = 'dump' WHERE kind = 'transfer'",
        {"stock.known_moves", "corrections.moves"},
    ),
    "a kind that is no word": (
        "UPDATE stock_moves SET kind = 'magic' WHERE kind = 'transfer'",
        {"stock.known_moves", "corrections.moves"},
    ),
    "a move that nothing made": (
        "UPDATE stock_moves SET source_id = 99 WHERE kind = 'transfer'",
        {"stock.moves_have_a_source", "corrections.moves"},
    ),
    "a move of a record of no kind": (
        "UPDATE stock_moves SET source_type = 'gift' WHERE kind = 'transfer'",
        {"stock.moves_have_a_source", "corrections.moves"},
    ),
    "a move at another time than its record": (
        "UPDATE stock_moves SET moved_at = '2020-01-01 00:00:00' WHERE kind = 'transfer'",
        {"stock.moves_have_a_source"},
    ),
}
NUMBERS = {
    "a counter has given out more than there is": (
        "UPDATE counters SET issued = issued + 1 WHERE series = 'INV'",
        {"numbers.gapless"},
    ),
    "a counter has given out less than there is": (
        "UPDATE counters SET issued = issued - 1 WHERE series = 'CN'",
        {"numbers.gapless"},
    ),
    "a counter is gone": ("DELETE FROM counters WHERE series = 'TRF'", {"numbers.gapless"}),
    "a number leaves a gap": (
        "UPDATE corrections SET number = REPLACE(number, '000001', '000002') WHERE kind = 'transfer'",
        {"numbers.gapless", "corrections.audited", "submissions.answered"},
    ),
    "a number is written another way": (
        "UPDATE corrections SET number = REPLACE(number, '000001', '1') WHERE kind = 'transfer'",
        {"numbers.gapless", "corrections.audited", "submissions.answered"},
    ),
    "a number is of another year": (
        "UPDATE corrections SET number = 'TRF-2001-000001' WHERE kind = 'transfer'",
        {"numbers.gapless", "corrections.audited", "submissions.answered"},
    ),
}
AUDIT = {
    "what an entry says": (
        (
            "UPDATE audit_entries SET body = REPLACE(body, 'Tuas is short', 'Tuas is full')"
            " WHERE action = 'stock.transfer'"
        ),
        {"audit.chain", "corrections.as_audited"},
    ),
    "an entry's hash": (
        f"UPDATE audit_entries SET hash = '{'0' * 64}' WHERE action = 'stock.transfer'",
        {"audit.chain"},
    ),
    "whom an entry names": (
        "UPDATE audit_entries SET actor_id = NULL WHERE action = 'distribution.plan'",
        {"audit.chain", "submissions.kept", "distributions.as_audited"},
    ),
    "when an entry says that it was": (
        "UPDATE audit_entries SET at = '2020-01-01 00:00:00' WHERE action = 'distribution.plan'",
        {"audit.chain"},
    ),
    "what an entry is about": (
        "UPDATE audit_entries SET record_type = 'transaction' WHERE action = 'distribution.plan'",
        {"audit.chain"},
    ),
    "an entry in the middle is gone": (
        "DELETE FROM audit_entries WHERE action = 'distribution.plan'",
        {"audit.chain", "submissions.kept"},
    ),
    "the newest entry is gone": (
        "DELETE FROM audit_entries WHERE sequence = (SELECT sequence FROM audit_head)",
        {"audit.head", "pdfs.audited"},
    ),
    "the head is gone": ("DELETE FROM audit_head", {"audit.head"}),
}
SUBMISSIONS = {
    "an answer is gone": (
        "UPDATE submissions SET outcome = NULL WHERE op = 'distribution.plan'",
        {"submissions.answered"},
    ),
    "an answer has another number": (
        "UPDATE submissions SET outcome = REPLACE(outcome, 'TRF-', 'TRX-')",
        {"submissions.answered"},
    ),
    "an answer is not JSON": (
        "UPDATE submissions SET outcome = 'yes' WHERE op = 'distribution.plan'",
        {"submissions.answered"},
    ),
    "a content hash is gone": (
        "UPDATE submissions SET content_hash = '' WHERE op = 'distribution.plan'",
        {"submissions.answered"},
    ),
    "a submission is gone": (
        "DELETE FROM submissions WHERE op = 'distribution.plan'",
        {"submissions.kept"},
    ),
    "whose form it was": (
        "UPDATE submissions SET actor_id = actor_id - 1 WHERE op = 'distribution.plan'",
        {"submissions.kept"},
    ),
    "what a form asked for": (
        "UPDATE submissions SET op = 'distribution.drop' WHERE op = 'distribution.plan'",
        {"submissions.kept"},
    ),
    "a form that nobody sent": (
        (
            "INSERT INTO submissions (client_temp_id, op, content_hash, actor_id, applied_at, outcome)"
            " SELECT REPLACE(client_temp_id, '-4', '-5'), op, content_hash, actor_id, applied_at,"
            " outcome FROM submissions WHERE op = 'stock.transfer'"
        ),
        {"submissions.kept"},
    ),
    "a form closed in favour of one that nobody sent": (
        (
            "INSERT INTO submissions"
            " (client_temp_id, op, content_hash, actor_id, applied_at, outcome, replaced_by)"
            " SELECT REPLACE(client_temp_id, '-4', '-5'), op, content_hash, actor_id, applied_at,"
            " outcome, REPLACE(client_temp_id, '-4', '-6')"
            " FROM submissions WHERE op = 'stock.transfer'"
        ),
        {"submissions.replaced"},
    ),
    "a form that was done is said to be replaced": (
        "UPDATE submissions SET replaced_by = client_temp_id WHERE op = 'stock.transfer'",
        {"submissions.replaced"},
    ),
    "a decision that nobody took": (
        (
            "INSERT INTO settlements (client_temp_id, verdict, reason, settled_by, settled_at)"
            " SELECT client_temp_id, 'refused', 'No', actor_id, applied_at FROM submissions"
            " WHERE op = 'stock.transfer'"
        ),
        {"settlements.as_audited"},
    ),
}
LOGISTICS = {
    "a distribution's line": (
        "UPDATE distribution_lines SET quantity = 19 WHERE quantity = 20",
        {"distributions.moves_are_lines", "distributions.as_audited"},
    ),
    "a distribution's lines are gone": (
        "DELETE FROM distribution_lines WHERE quantity IN (5, 20)",
        {"distributions.moves_are_lines", "distributions.as_audited"},
    ),
    "a reversal's lines": (
        (
            "UPDATE distribution_lines SET quantity = 3 WHERE quantity = 4 AND distribution_id ="
            " (SELECT MAX(id) FROM distributions)"
        ),
        {
            "distributions.moves_are_lines",
            "distributions.reversals_mirror",
            "distributions.as_audited",
        },
    ),
    "whose reversal it is": (
        "UPDATE distributions SET reverses_id = 1 WHERE reverses_id IS NOT NULL",
        {"distributions.reversals_mirror", "distributions.as_audited"},
    ),
    "who confirmed a distribution": (
        "UPDATE distributions SET confirmed_by = driver_id WHERE id = 1",
        {"distributions.audited", "distributions.as_audited"},
    ),
    "a correction becomes of another kind": (
        "UPDATE corrections SET kind = 'adjust' WHERE kind = 'transfer'",
        {"numbers.gapless", "corrections.moves", "corrections.audited"},
    ),
    "who confirmed a correction": (
        "UPDATE corrections SET confirmed_by = (SELECT MIN(id) FROM users) WHERE kind = 'transfer'",
        {"corrections.audited"},
    ),
    "why a correction was made": (
        "UPDATE corrections SET reason = 'Tuas is full' WHERE kind = 'transfer'",
        {"corrections.as_audited"},
    ),
    "when a correction was made": (
        "UPDATE corrections SET confirmed_at = '2020-01-01 00:00:00' WHERE kind = 'transfer'",
        {"corrections.as_audited", "stock.moves_have_a_source", "numbers.gapless"},
    ),
    "that a correction takes another back": (
        "UPDATE corrections SET reverses_id = NULL",
        {"corrections.audited", "corrections.as_audited"},
    ),
    "which correction it takes back": (
        "UPDATE corrections SET reverses_id = 1 WHERE reverses_id IS NOT NULL",
        {"corrections.reversals_mirror", "corrections.as_audited"},
    ),
    "what was counted": (
        "UPDATE stock_count_lines SET counted = counted + 1 WHERE id = 1",
        {"counts.as_audited"},
    ),
    "what the books had when it was counted": (
        "UPDATE stock_count_lines SET expected = expected + 1 WHERE id = 1",
        {"counts.as_audited"},
    ),
    "where it was counted": (
        "UPDATE stock_counts SET place_id = 1",
        {"counts.as_audited"},
    ),
    "who closed a count": (
        "UPDATE stock_counts SET closed_by = 1",
        {"counts.as_audited"},
    ),
    "what came of a count": (
        "UPDATE stock_counts SET correction_ref = NULL",
        {"counts.as_audited"},
    ),
    "what was asked for": (
        "UPDATE approval_requests SET content = REPLACE(content, ':6', ':7')",
        {"requests.as_audited"},
    ),
    "who asked": (
        "UPDATE approval_requests SET requested_by = 1 WHERE id = 1",
        {"requests.as_audited"},
    ),
    "what was decided": (
        "UPDATE approvals SET verdict = 'accepted', number = NULL",
        {"requests.decided_as_audited", "requests.carried_out"},
    ),
    "who decided": (
        "UPDATE approvals SET decided_by = (SELECT requested_by FROM approval_requests LIMIT 1)",
        {"requests.decided_as_audited", "requests.carried_out"},
    ),
    "why it was decided so": (
        "UPDATE approvals SET reason = 'Because'",
        {"requests.decided_as_audited"},
    ),
    "what a distribution was for": (
        "UPDATE distributions SET remarks = 'For a friend' WHERE id = 1",
        {"distributions.as_audited"},
    ),
    "who drove": (
        "UPDATE distributions SET driver_id = driver_id + 1 WHERE id = 1",
        {"distributions.as_audited"},
    ),
    "who planned": (
        "UPDATE distributions SET created_by = created_by - 1 WHERE id = 1",
        {"distributions.as_audited"},
    ),
    "a draft that nobody planned": (
        (
            "INSERT INTO distributions (ref, depot_id, truck_id, driver_id, planned_on, remarks,"
            " created_by, created_at, version) SELECT REPLACE(ref, '-4', '-5'), depot_id, truck_id,"
            " driver_id, planned_on, remarks, created_by, created_at, version FROM distributions"
            " WHERE id = 1"
        ),
        {"distributions.as_audited"},
    ),
}
SALES = {
    "how many were delivered": (
        "UPDATE transaction_lines SET quantity = 70000 WHERE kind = 'delivery' AND quantity = 60000",
        {"sales.moves_are_lines", "documents.totals", "documents.content"},
    ),
    "a shortfall is forgotten": ("DELETE FROM discrepancies", {"sales.moves_are_lines"}),
    "a site holds more deposits": (
        "UPDATE deposit_balances SET amount = amount + 5000",
        {"sales.deposits_are_lines"},
    ),
    "a site's deposits are gone": ("DELETE FROM deposit_balances", {"sales.deposits_are_lines"}),
    "a document is gone": (
        "DELETE FROM documents WHERE id = 3",
        {
            "documents.one_each",
            "numbers.gapless",
            "submissions.answered",
            "pdfs.unchanged",
            "guards.references",
        },
    ),
    "a total": (
        "UPDATE transactions SET payable = payable - 1000, net = net - 1000 WHERE id = 1",
        {"documents.sealed", "documents.totals", "documents.content", "payments.settle"},
    ),
    "a void's total": (
        "UPDATE transactions SET payable = payable - 1, net = net - 1 WHERE voids_id IS NOT NULL",
        {"documents.sealed", "documents.totals", "documents.content", "payments.settle"},
    ),
    "GST moves into the net": (
        "UPDATE transactions SET net = net + tax, tax = 0 WHERE id = 1",
        {"documents.totals", "documents.content"},
    ),
    "a rounding that nobody owes": (
        (
            "UPDATE transactions SET rounding = 4, payable = payable + 4 WHERE payment_method ="
            " 'on_account'"
        ),
        {"documents.sealed", "documents.totals", "documents.content"},
    ),
    "a price": (
        "UPDATE transaction_lines SET unit_price = 1 WHERE kind = 'service'",
        {"documents.totals", "documents.content"},
    ),
    "what was sold": (
        "UPDATE transaction_lines SET service_id = 2 WHERE kind = 'service'",
        {"documents.content"},
    ),
    "a fee that is of a size too": (
        "UPDATE transaction_lines SET equipment_id = 2 WHERE kind = 'service'",
        {"documents.content"},
    ),
    "gas by the meter that is of a size too": (
        "UPDATE transaction_lines SET equipment_id = 2 WHERE kind = 'usage'",
        {"documents.content"},
    ),
    "what the document says": (
        "UPDATE documents SET content = REPLACE(content, 'Delivery fee', 'Delivery free') WHERE id = 1",
        {"documents.content"},
    ),
    "the document and its hash": (
        "UPDATE documents SET content_hash = 'aa' WHERE id = 1",
        {"documents.sealed", "documents.content"},
    ),
    "a document that is not JSON": (
        "UPDATE documents SET content = 'paid' WHERE id = 1",
        {"documents.content"},
    ),
    "an anchor": (
        "UPDATE documents SET anchor_sequence = anchor_sequence + 1 WHERE id = 1",
        {"documents.sealed"},
    ),
    "who bought": (
        "UPDATE documents SET customer_id = 99 WHERE id = 1",
        {"documents.sealed", "guards.references"},
    ),
    "who sold": (
        "UPDATE transactions SET seller_id = seller_id + 1 WHERE id = 1",
        {"documents.sealed"},
    ),
    "an invoice becomes a credit note": (
        "UPDATE documents SET kind = 'credit_note' WHERE id = 1",
        {"documents.sealed", "documents.content", "numbers.gapless"},
    ),
    "when it is due": (
        "UPDATE documents SET due_on = NULL WHERE due_on IS NOT NULL",
        {"documents.sealed", "documents.content"},
    ),
    "when it was supplied": (
        "UPDATE transactions SET supply_on = '2026-01-01' WHERE id = 1",
        {"documents.sealed", "documents.content"},
    ),
    "less was paid": (
        "UPDATE payments SET amount = amount - 1 WHERE id = 1",
        {"payments.settle"},
    ),
    "paid another way": ("UPDATE payments SET method = 'card' WHERE id = 1", {"payments.settle"}),
    "paid twice": (
        (
            "INSERT INTO payments (transaction_id, method, amount, received_at)"
            " SELECT transaction_id, method, amount, received_at FROM payments WHERE id = 1"
        ),
        {"payments.settle"},
    ),
    "an open invoice is paid in secret": (
        (
            "INSERT INTO payments (transaction_id, method, amount, received_at)"
            " SELECT id, 'on_account', payable, confirmed_at FROM transactions"
            " WHERE payment_method = 'on_account'"
        ),
        {"payments.settle"},
    ),
    "what the driver noted": (
        "UPDATE transactions SET note = 'Paid twice' WHERE id = 1",
        {"documents.content"},
    ),
    "whose order it was": (
        "UPDATE transactions SET purchase_order = 'PO 1' WHERE id = 1",
        {"documents.content"},
    ),
    "why a sale was void": (
        "UPDATE transactions SET reason = 'Friend' WHERE voids_id IS NOT NULL",
        {"documents.content"},
    ),
    "when it was paid": (
        "UPDATE payments SET received_at = '2020-01-01 00:00:00' WHERE id = 1",
        {"payments.settle"},
    ),
    "when a shortfall was found": (
        "UPDATE discrepancies SET created_at = '2020-01-01 00:00:00'",
        {"discrepancies.of_their_sale"},
    ),
    "where a shortfall was found": (
        "UPDATE discrepancies SET site_id = (SELECT id FROM places WHERE code = 'JURONG')",
        {"discrepancies.of_their_sale"},
    ),
}
FLAGS = {
    "a flag is gone": (
        "DELETE FROM flags",
        {"flags.of_their_sale", "flags.reviews_as_audited"},
    ),
    "a flag is older than its sale": (
        "UPDATE flags SET created_at = '2020-01-01 00:00:00'",
        {"flags.of_their_sale"},
    ),
    "a sale that is flagged for nothing": (
        (
            "INSERT INTO flags (transaction_id, created_at) SELECT id, confirmed_at"
            f" FROM transactions WHERE {FIRST_SALE}"
        ),
        {"flags.of_their_sale"},
    ),
    "what the tablet had shown is put in later": (
        f"UPDATE transactions SET claimed = 1 WHERE {FIRST_SALE}",
        {"flags.of_their_sale"},
    ),
    "what came of a flag": (
        "UPDATE flag_reviews SET reason = 'Nothing'",
        {"flags.reviews_as_audited"},
    ),
    "who looked into it": (
        "UPDATE flag_reviews SET reviewed_by = reviewed_by - 1",
        {"flags.reviews_as_audited"},
    ),
    "when they did": (
        "UPDATE flag_reviews SET reviewed_at = '2020-01-01 00:00:00'",
        {"flags.reviews_as_audited"},
    ),
    "that nobody looked into it": (
        "DELETE FROM flag_reviews",
        {"flags.reviews_as_audited"},
    ),
}
METERS = {
    "what the meter says": (
        "UPDATE meters SET last_reading = last_reading + 10000",
        {"meters.chain"},
    ),
    "what estimates have billed": ("UPDATE meters SET estimated = 0", {"meters.chain"}),
    "how often it was read": ("UPDATE meters SET version = version + 1", {"meters.chain"}),
    "what a reading billed": (
        "UPDATE meter_readings SET billed = billed - 10000 WHERE version = 1",
        {"meters.chain", "meters.billed"},
    ),
    "where a reading begins": (
        "UPDATE meter_readings SET previous = previous + 10000 WHERE version = 2",
        {"meters.chain"},
    ),
    "a reading is gone": (
        "DELETE FROM meter_readings WHERE version = 1",
        {"meters.chain", "meters.billed"},
    ),
    "a reading that the dial cannot show": (
        "UPDATE meter_readings SET current = 99999999990000 WHERE version = 2",
        {"meters.chain"},
    ),
    "a reversal of another reading": (
        "UPDATE meter_readings SET reverses_id = 1 WHERE reverses_id IS NOT NULL",
        {"meters.chain"},
    ),
}
PAPER = {
    "a stored hash": (
        f"UPDATE stored_pdfs SET sha256 = '{'0' * 64}' WHERE document_id = 1",
        {"pdfs.unchanged", "pdfs.audited"},
    ),
    "a stored size": (
        "UPDATE stored_pdfs SET size = 1 WHERE document_id = 1",
        {"pdfs.unchanged"},
    ),
    "a path out of the folder": (
        "UPDATE stored_pdfs SET path = '../../etc/passwd' WHERE document_id = 1",
        {"pdfs.unchanged"},
    ),
    "a stored PDF is forgotten": (
        "DELETE FROM stored_pdfs WHERE document_id = 1",
        {"pdfs.not_forgotten"},
    ),
    "an order for a PDF is gone": (
        "DELETE FROM outbox WHERE done_at IS NULL",
        {"pdfs.not_forgotten"},
    ),
    "a print is forgotten": (
        "DELETE FROM receipt_prints WHERE copy = 1",
        {"receipts.audited"},
    ),
    "a print that nobody made": (
        "UPDATE receipt_prints SET copy = 7 WHERE copy = 1",
        {"receipts.audited", "receipts.by_whom"},
    ),
    "who printed": (
        "UPDATE receipt_prints SET printed_by = printed_by + 1 WHERE copy = 1",
        {"receipts.by_whom"},
    ),
}
PLACES = {
    "a truck without papers": ("DELETE FROM vehicles", {"registry.places_have_kind"}),
    "a depot turns into a truck": (
        "UPDATE places SET kind = 'truck' WHERE code = 'TUAS'",
        {"registry.places_have_kind", "stock.not_below_zero", "stock.known_moves"},
    ),
    "a fifth place outside": (
        (
            "INSERT INTO places (ref, kind, code, name, active, version) SELECT"
            " REPLACE(ref, '-', ''), kind, 'HEAVEN', name, active, version FROM places"
            " WHERE code = 'LOSS'"
        ),
        {"registry.places_have_kind"},
    ),
}
WAYS = STOCK | NUMBERS | AUDIT | SUBMISSIONS | LOGISTICS | SALES | FLAGS | METERS | PAPER | PLACES


@pytest.mark.parametrize(("statement", "laws"), WAYS.values(), ids=WAYS.keys())
def test_cheating_is_found(cheat, statement, laws):
    assert cheat(statement).keys() == laws


def test_an_honest_day_breaks_no_law(cheat):
    assert cheat() == {}


def test_a_check_names_the_first_places_and_counts_the_others(cheat):
    detail = cheat("DELETE FROM stock_levels")["stock.levels_are_moves"]
    assert detail.startswith("COUNT C9 full: level=None moves=-99; COUNT C127 full: ")
    assert detail.endswith("; +15")


def test_an_entry_that_is_edited_and_chained_again_still_breaks_with_the_documents(cheat):
    assert cheat(forge).keys() == {"documents.sealed"}


def test_a_book_that_is_forged_throughout_breaks_with_the_anchors_on_paper(cheat, day):
    """The chain is tamper-evident, not tamper-proof: without paper nothing would show."""
    slip = printed_anchor(day)
    assert cheat(forge, reseal) == {}
    assert cheat(anchors=(slip,)).keys() == {"audit.paper_anchors"}


def test_anchors_on_paper_find_a_tail_that_was_cut_off(cheat, day):
    slip = printed_anchor(day)
    after_it = f"sequence >= {slip.sequence}"
    found = cheat(f"DELETE FROM audit_entries WHERE {after_it}", anchors=(slip,))
    assert found["audit.paper_anchors"] == f"anchor {slip.sequence}: paper={slip.prefix} book=None"


def test_anchors_on_paper_agree_with_an_honest_book(cheat, day):
    assert cheat(anchors=(printed_anchor(day),)) == {}


def test_a_number_given_twice_is_found(cheat, day):
    """The database would refuse it: a copy of the table has lost its constraints."""
    found = cheat(
        "CREATE TEMPORARY TABLE corrections AS SELECT * FROM corrections UNION ALL"
        " SELECT id + 100, ref, number, kind, from_place_id, to_place_id, reason, confirmed_by,"
        " confirmed_at, reverses_id FROM corrections",
    )
    day.connection.exec_driver_sql("DROP TABLE corrections")  # the copy
    assert "given=twice" in found["numbers.gapless"]


def test_a_stored_pdf_that_is_gone_or_changed_is_found(cheat, day):
    file = next(day.data_dir.glob("invoices/*/*.pdf"))
    body = file.read_bytes()
    file.write_bytes(body + b" ")
    assert cheat().keys() == {"pdfs.unchanged"}
    file.unlink()
    assert "No such file" in cheat()["pdfs.unchanged"]
    file.write_bytes(body)
    assert cheat() == {}


def test_every_entry_is_compared_at_a_glance(day):
    """Without parsing it: a body that is written another way would make verify crawl."""
    entries = day.connection.execute(audit_laws._ENTRIES).all()
    assert len(entries) > 10
    assert all(map(audit_laws._says_at_a_glance, entries))


def forge(connection):
    """Change what old entries say, and chain everything after them again."""
    rechain(connection, lambda _sequence, body: body.replace("tablet-1", "tablet-9"))


def printed_anchor(day):
    """Return the anchor of the newest document as its slip bears it."""
    return anchors_on_paper(day.connection)[-1]
