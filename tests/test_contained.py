"""Tests of selfeval.page.contained: what the quick way of reading a page lets through."""

from __future__ import annotations

import pytest
from conftest import Samples
from hypothesis import given
from hypothesis import strategies as st

from selfeval.page.contained import _PageReader, refused_in
from selfeval.terms import EDITIONS

PIECES = [
    *(
        "<p>",
        "</p>",
        "<br>",
        "<br />",
        "<path/>",
        "<td class=num/>",
        "<td class=num>",
        "<td hidden>",
        "</b >",
        "<B>",
    ),
    *('<a href="#a">', '<p id="a">', "<p id='a'>", '<p id="a&amp;b">', '<p id="a&copyb">'),
    *('<p id="<">', '<p id="a"id="b">', '<p  id="b">', '<a HREF="#A">', '<p onclick="x">'),
    *('<a href="a.xlsx">', '<a href="b/a.xlsx">', '<p href="a.xlsx">'),
    *('<p title="{{a}}">', '<rect fill="url(#a)" />', '<rect fill="url(//a)" />'),
    *("<svg>", "</svg>", "<title>", "</title>", "<style>", "</style>", "<code>", "</code>"),
    *("<html>", "<head>", "</head>", "<body>", "<textarea>", "<!-- a -->", "<![CDATA[a]]>"),
    *("a", "{{a}}", "&lt;b&gt;", "&copy", "&", "<", ">", '"', " ", "\n", "url(x)", "<?a?>", "</"),
]


def read(page: str) -> _PageReader:
    reader = _PageReader()
    reader.feed(page)
    reader.close()
    return reader


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_what_is_read_the_quick_way_the_parser_reads_alike_and_refuses_nothing_of(
    body: str,
) -> None:
    page = f"<!DOCTYPE html>{body}"
    quick = _PageReader()

    if quick.read_plain(page):
        parsed = read(page)
        assert parsed.refused == []
        assert (quick.words, quick.ids, quick.targets) == (
            parsed.words,
            parsed.ids,
            parsed.targets,
        )


def test_the_kits_own_pages_are_read_the_quick_way(samples: Samples) -> None:
    pages = [samples.page("S001", edition).read_text("utf-8") for edition in EDITIONS]

    assert [_PageReader().read_plain(page) for page in pages] == [True, True]


@pytest.mark.parametrize("href", ["1-a.xlsx", "1-%E8%87%AA%E8%AF%84%E8%A1%A8.xlsx", "自评表.xlsx"])
def test_a_link_to_a_workbook_beside_the_page_is_let_through(href: str) -> None:
    assert refused_in(f'<a href="{href}">表</a>') == ""


@pytest.mark.parametrize(
    "piece",
    [
        *(
            f'<a href="{href}">表</a>'
            for href in (
                "../a.xlsx",
                "b/a.xlsx",
                "/a.xlsx",
                "//a/b.xlsx",
                "http://a/b.xlsx",
                "file:a.xlsx",
                "javascript:a.xlsx",
                "a.xlsx?b",
                "a.xlsx#b",
                " a.xlsx",
                "a.xlsm",
                "a.html",
                "a.xlsx.html",
            )
        ),
        '<a ping="a.xlsx">表</a>',
        '<svg><a xlink:href="a.xlsx">表</a></svg>',
        '<p href="a.xlsx">表</p>',
    ],
)
def test_any_other_link_out_of_the_page_is_refused(piece: str) -> None:
    assert refused_in(piece) != ""
