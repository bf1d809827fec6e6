"""Bars of a chart: each in its own room, from nothing up or down."""

from hsh.blueprints.charts import HEIGHT, WIDTH, Bar, Chart


def drawn(*values):
    bars = [Bar(label=str(value), value=value, words=str(value)) for value in values]
    return Chart(title="Sold", bars=bars).drawn


def test_the_highest_is_as_high_as_the_chart_and_the_others_in_proportion():
    assert [float(bar.height) for bar in drawn(10, 5, 0)] == [HEIGHT, HEIGHT / 2, 0]


def test_what_is_below_nothing_hangs_from_the_line():
    above, below = drawn(3, -1)
    assert (above.is_below, below.is_below) == (False, True)
    assert float(above.y) + float(above.height) == float(below.y)


def test_two_bars_are_no_walls_and_each_stands_in_the_middle_of_its_half():
    for number, bar in enumerate(drawn(1, 2)):
        assert float(bar.width) < WIDTH / 8
        assert float(bar.x) + float(bar.width) / 2 == WIDTH / 4 * (1 + 2 * number)


def test_many_bars_leave_room_between_them():
    bars = drawn(*range(1, 31))
    ends = [float(bar.x) + float(bar.width) for bar in bars]
    assert all(end < float(bar.x) for end, bar in zip(ends, bars[1:], strict=False))
    assert ends[-1] < WIDTH


def test_nothing_to_draw_is_drawn_as_nothing():
    assert drawn() == []
