"""Breakages of the tablet's side: what it keeps, what it believes, in which order it sends."""

from __future__ import annotations

from proof.mutants.mutant import Mutant

_JS = "hsh/static/js/offline"
_QUEUE = "tests/browser/test_offline_queue.py::test"
_SYNC = "tests/browser/test_offline_sync.py::test"
_SHELL = "tests/browser/test_offline_shell.py::test"
_NOT_FINAL = f"{_QUEUE}_what_is_no_final_answer_keeps_it"
_NEEDS = ("chromium",)

MUTANTS = (
    Mutant(
        name="the worker makes the UUID",
        file="hsh/static/sw.js",
        old="    client_temp_id, user, op, path, page:",
        new="    client_temp_id: self.crypto.randomUUID(), user, op, path, page:",
        tests=(f"{_SYNC}_a_form_sent_before_the_page_had_its_script_is_kept_by_the_worker",),
        needs=_NEEDS,
    ),
    Mutant(
        name="a form is forgotten before its answer",
        file=f"{_JS}/queue.js",
        old="    return (await sendInTurn(item, url, request)) ?? saved(item);\n",
        new="    await store.remove(item.client_temp_id);\n"
        "    return (await sendInTurn(item, url, request)) ?? saved(item);\n",
        tests=(f"{_QUEUE}_what_is_submitted_offline_is_kept_over_a_reload",),
        needs=_NEEDS,
    ),
    Mutant(
        name="what is put counts as kept",
        file=f"{_JS}/store.js",
        old="      work(transaction.objectStore(name), (value) => (result = value));\n",
        new="      work(transaction.objectStore(name), (value) => resolve((result = value)));\n",
        tests=(f"{_QUEUE}_a_full_tablet_says_not_saved_and_keeps_the_form",),
        needs=_NEEDS,
    ),
    Mutant(
        name="a batch is forgotten before its answer",
        file=f"{_JS}/send.js",
        old="    const answer = await post(items, token);\n",
        new="    for (const { client_temp_id } of items) await store.remove(client_temp_id);\n"
        "    const answer = await post(items, token);\n",
        tests=(f"{_SYNC}_a_batch_without_an_answer_is_sent_again",),
        needs=_NEEDS,
    ),
    Mutant(
        name="an unmarked 200 is believed",
        file=f"{_JS}/answers.js",
        old="    if (!isOurs(answer) || status >=",
        new='    if (status === 200 && !isOurs(answer)) return "done";\n'
        "    if (!isOurs(answer) || status >=",
        tests=(f"{_NOT_FINAL}[portal]",),
        needs=_NEEDS,
    ),
    Mutant(
        name="an answer to something else is believed",
        file=f"{_JS}/answers.js",
        old='return answer.headers.get("X-HSH-Submission") === uuid ? "done" : "again";',
        new='return "done";',
        tests=(f"{_NOT_FINAL}[no echo]",),
        needs=_NEEDS,
    ),
    Mutant(
        name="a portal's page is shown as ours",
        file=f"{_JS}/pages.js",
        old='      if (!answers.isOurs(answer)) throw new Error("portal");\n',
        new="",
        tests=(f"{_SHELL}_a_captive_portal_is_neither_kept_nor_believed",),
        needs=_NEEDS,
    ),
    Mutant(
        name="what waits is sent in the order of the UUIDs",
        file=f"{_JS}/send.js",
        old="op, path, schema: SCHEMA, seq, captured_at",
        new="op, path, schema: SCHEMA, seq: parseInt(client_temp_id.slice(0, 8), 16), captured_at",
        tests=(f"{_SYNC}_what_waits_is_done_in_the_order_in_which_it_was_made",),
        needs=_NEEDS,
    ),
    Mutant(
        name="a form is dropped when nobody is signed in",
        file=f"{_JS}/answers.js",
        old="    const { status } = answer;\n",
        new='    const { status } = answer;\n    if (status === 401) return "done";\n',
        tests=(f"{_NOT_FINAL}[401]",),
        needs=_NEEDS,
    ),
    Mutant(
        name="a sale does not wait for its load",
        file=f"{_JS}/queue.js",
        old='(op === "sale.confirm" && item.op === "distribution.confirm" && item.truck === truck)',
        new="false",
        tests=(f"{_SYNC}_a_refused_item_holds_up_what_needs_it_and_nothing_else",),
        needs=_NEEDS,
    ),
    Mutant(
        name="a sale without hx-sync",
        file="hsh/templates/sales/visit/sale.html",
        old=' hx-sync="this:drop" novalidate data-queue',
        new=" novalidate data-queue",
        tests=(f"{_QUEUE}_a_form_that_is_under_way_is_not_sent_again",),
        needs=_NEEDS,
    ),
    Mutant(
        name="a draft comes back under a UUID that is taken",
        file=f"{_JS}/drafts.js",
        old="  if (await isTaken(draft.uuid)) {\n",
        new="  if (false) {\n",
        tests=(f"{_QUEUE}_a_draft_that_outlives_its_form_is_not_typed_over_it",),
        needs=_NEEDS,
    ),
)
