"""Works and sources as one line."""

import pytest

from softpower.model.reference import Reference, Source


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({}, "A. One, B. Two (2004). Work"),
        ({"container": "Journal", "pages": "1-9"}, "A. One, B. Two (2004). Work. Journal. pp. 1-9"),
        ({"publisher": "Press", "pages": "7"}, "A. One, B. Two (2004). Work. Press. p. 7"),
        ({"doi": "10.1/x", "url": "https://else"}, "A. One, B. Two (2004). Work. https://doi.org/10.1/x"),
        ({"url": "https://else"}, "A. One, B. Two (2004). Work. https://else"),
    ],
)
def test_a_work_is_cited_in_one_line(fields, line):
    assert str(Reference(authors=("A. One", "B. Two"), year=2004, title="Work", **fields)) == line


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({}, "Page"),
        ({"year": 2019}, "Page (2019)"),
        ({"author": "A. One", "publisher": "Press", "year": 2019}, "A. One (2019). Page"),
        ({"publisher": "Press"}, "Press. Page"),
    ],
)
def test_a_source_is_cited_in_one_line(fields, line):
    assert str(Source(title="Page", kind="web_page", **fields)) == line
