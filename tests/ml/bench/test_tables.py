"""Tables say the same in all their forms."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from ml.bench.tables import ABSENT, Number, Table

numbers = st.builds(Number, st.floats(0, 100), st.none(), st.none()) | st.builds(
    Number, st.floats(0, 100), st.floats(0, 100), st.floats(0, 100)
)
cells = st.none() | numbers | st.text(st.characters(exclude_categories=("C",)), max_size=8)


@st.composite
def tables(draw):
    columns = draw(st.lists(st.text("abc %_&|", min_size=1, max_size=6), min_size=1, max_size=5))
    rows = draw(st.lists(st.lists(cells, min_size=len(columns), max_size=len(columns)), max_size=5))
    return Table("slug", "title", columns, rows, ranked=draw(st.booleans()))


@given(tables())
def test_every_form_has_every_row(table):
    read = list(csv.reader(io.StringIO(table.csv())))
    assert len(read) == len(table.rows) + 1
    assert {len(row) for row in read} == {len(read[0])}
    assert table.latex().count(r" \\") >= len(table.rows) + 1
    assert (
        len([line for line in table.markdown().splitlines() if line.startswith("| ")]) >= len(table.rows) + 2
    )


def test_best_and_second_best_are_marked_as_printed():
    rows = [
        ["a", Number(10.001)],
        ["b", Number(30.0)],
        ["c", Number(10.002)],
        ["d", None],
        ["e", Number(5.0)],
    ]
    table = Table("t", "T", ["Model", "Score"], rows, ranked=True)
    assert "| b | **30.00** |" in table.markdown()
    assert r"b & \textbf{30.00} \\" in table.latex()
    # Equal as printed is equal: both are second.
    assert table.markdown().count("_10.00_") == 2
    assert f"| d | {ABSENT} |" in table.markdown()
    assert r"d & -- \\" in table.latex()


def test_csv_has_the_ends_of_intervals_in_columns_of_their_own():
    table = Table("t", "T", ["Model", "Score"], [["a", Number(50, 40, 60)], ["b", Number(1)], ["c", None]])
    assert table.csv().splitlines() == [
        "Model,Score,Score low,Score high",
        "a,50.0000,40.0000,60.0000",
        "b,1.0000,,",
        "c,,,",
    ]


def test_what_latex_takes_for_commands_is_escaped():
    table = Table("t", "50 % of_all", ["M&M"], [["a\\b{c}"]])
    assert r"50 \% of\_all" in table.latex()
    assert r"M\&M" in table.latex()
    assert r"a\textbackslash{}b\{c\}" in table.latex()
