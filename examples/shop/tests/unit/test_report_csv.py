import csv
import datetime as dt
import io

import pytest

from shop.reports import to_csv

pytestmark = pytest.mark.unit


def test_no_rows():
    assert to_csv([]) == ""


def test_header_and_line_ends():
    assert to_csv([{"a": 1, "b": "x"}, {"a": 2, "b": None}]) == "a,b\r\n1,x\r\n2,\r\n"


@pytest.mark.parametrize("text", ["=1+1", "+49", "-cmd", "@SUM(A1)", "\tx"])
def test_formulas_are_defused(text):
    [row] = csv.DictReader(io.StringIO(to_csv([{"a": text}])))
    assert row["a"] == "'" + text


@pytest.mark.parametrize("text", ["a,b", 'say "hi"', "two\nlines", "über", ""])
def test_any_text_comes_back(text):
    [row] = csv.DictReader(io.StringIO(to_csv([{"a": text, "b": 1}]), newline=""))
    assert row["a"] == text


def test_times_become_dates():
    assert to_csv([{"at": dt.datetime(2024, 2, 29, 23, 59)}]) == "at\r\n2024-02-29\r\n"
