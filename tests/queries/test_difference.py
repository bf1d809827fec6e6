"""What an act changed, told from the pictures before and after it."""

from hsh.queries.books.difference import difference


def told(changes):
    return {change.field: (change.before, change.after) for change in changes}


def rows(found):
    return [[(c.before, c.after) for c in row] for row in found.rows]


def test_only_what_changed_is_told_first():
    found = difference({"name": "A", "version": 1, "note": None}, {"name": "B", "version": 1})
    assert told(found.changed) == {"name": ("A", "B")}
    assert told(found.kept) == {"version": (1, 1)}


def test_what_is_new_had_no_before_and_what_is_gone_has_no_after():
    assert told(difference(None, {"a": 1}).changed) == {"a": (None, 1)}
    assert told(difference({"a": 1}, None).changed) == {"a": (1, None)}
    assert difference(None, None).changed == ()


def test_levels_are_matched_by_place_equipment_and_condition_in_any_order():
    def level(place, quantity):
        return {"place": place, "equipment": 7, "condition": "full", "quantity": quantity}

    found = difference(
        {"levels": [level(1, 50), level(2, 0)]}, {"levels": [level(2, 20), level(1, 30)]}
    )
    [levels] = found.lists
    assert levels.columns == ("place", "equipment", "condition", "quantity")
    assert [row[0] for row in rows(levels)] == [(2, 2), (1, 1)]
    assert [row[3] for row in rows(levels)] == [(0, 20), (50, 30)]
    assert not levels.is_new


def test_a_line_that_was_added_and_one_that_was_taken_away_both_show():
    def line(equipment):
        return {"direction": "out", "equipment": equipment, "condition": "full", "quantity": 1}

    [lines] = difference({"lines": [line(1)]}, {"lines": [line(2)]}).lists
    assert [row[1] for row in rows(lines)] == [(None, 2), (1, None)]


def test_lists_without_a_key_go_by_their_place():
    [lines] = difference(
        {"lines": [{"code": "A", "amount": 1}]}, {"lines": [{"code": "A", "amount": 2}]}
    ).lists
    assert rows(lines) == [[("A", "A"), (1, 2)]]


def test_a_list_that_is_all_new_says_so():
    [lines] = difference(None, {"lines": [{"code": "A"}]}).lists
    assert lines.is_new


def test_a_list_of_words_is_one_value():
    found = difference({"roles": ["driver"]}, {"roles": ["admin", "driver"]})
    assert told(found.changed) == {"roles": (["driver"], ["admin", "driver"])}
