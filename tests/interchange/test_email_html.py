"""HTML as a person reads it."""

from __future__ import annotations

import time

import pytest

from solidarity_cli.interchange.email.mime import clean_text as tidy
from solidarity_cli.interchange.email.mime.html_text import readable


def shown(html: str) -> str:
    return tidy.text(readable(html))


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("One<br>Two<br/>Three", "One\nTwo\nThree"),
        ("<div>One</div><div>Two</div>", "One\nTwo"),
        ("  One \n two&nbsp;&nbsp;three ", "One two three"),
        ("Salt &amp; pepper &lt;b&gt; &#1078;&#x436; &eacute;", "Salt & pepper <b> жж é"),
        ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul><p>d</p>", "- a\n- b\n  - c\n\nd"),
        ("<ol><li>a<li>b</ol>", "1. a\n2. b"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a  b\nc"),
        ("<p>x</p><blockquote>said <p>twice</p></blockquote>y", "x\n\n> said\n\n> twice\n\ny"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ('<img alt="a door" src="https://x.example/p.png"><img src="cid:1">', "[a door]"),
        ("<h1>Title</h1>text<hr>more", "Title\n\ntext\n\nmore"),
        ("a <b>b</b>c <i> d</i>", "a bc d"),
    ],
)
def test_blocks_become_lines(html, text):
    assert shown(html) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('<a href="https://a.example/x">our page</a>', "our page (https://a.example/x)"),
        ('<a href="https://a.example/">a.example</a>', "a.example"),
        ('<a href="https://evil.example/">https://bank.example/</a>', "https://bank.example/ (https://evil.example/)"),
        ('<a href="mailto:o@x.example">o@x.example</a>', "o@x.example"),
        ('<a href="mailto:o@x.example">write</a>', "write (o@x.example)"),
        ('<a href="https://a.example/x"></a>', "https://a.example/x"),
        ('<a href="#top">up</a> <a href="javascript:go()">go</a> <a>bare</a>', "up go bare"),
    ],
)
def test_links_show_where_they_lead(html, text):
    assert shown(html) == text


@pytest.mark.parametrize(
    "hidden",
    [
        "<style>p {color: red}</style>",
        "<script>alert('<p>x</p>')</script>",
        "<head><title>T</title><meta charset=utf-8></head>",
        "<!-- secret <p>x</p> -->",
        "<!--[if mso]><p>x</p><![endif]-->",
        '<div style="display: none; max-height:0">preview<div>x</div></div>',
        '<span style="FONT-SIZE: 0px">x</span>',
        "<p hidden>x</p>",
        "<!DOCTYPE html>",
        "<?xml version='1.0'?>",
        '<img hidden alt="x">',
    ],
)
def test_what_nobody_sees_is_dropped(hidden):
    assert shown(f"{hidden}<p>Seen.</p>") == "Seen."


def test_something_hidden_that_never_ends_hides_nothing():
    assert shown('<div style="display:none">preview<p>The appeal.') == "preview\n\nThe appeal."


def test_broken_html_keeps_its_words():
    assert shown("<p>One <b>two < three <p <div>four</i></div></ul>") == "One two < three <p\nfour"
    assert shown("<![if x]>One<![CDATA[ two ]]> <!x three") == "One <!x three"


def test_pictures_inside_the_text_do_not_count():
    assert shown(f'<img src="data:image/png;base64,{"A" * 5_000_000}"><p>Seen.</p>') == "Seen."


@pytest.mark.parametrize(
    "piece", ["<a ", '<a b="', "<!--", "<![", "&#", "</", "<div>", "<ul><li>", '<a href="http://x.example">y']
)
def test_endless_rubbish_is_read_in_time(piece):
    begin = time.process_time()
    shown(piece * 20_000)
    assert time.process_time() - begin < 5
