"""What is served as /t.js: small, the same program, and with the hash that browsers compute."""

import base64
import hashlib
import re

import pytest

from producers.collector.snippet import HEADERS, read_snippet, shorten

SNIPPET = read_snippet()


def test_it_has_less_than_2048_bytes() -> None:
    assert len(SNIPPET.body) < 2048


def test_it_is_ascii_on_one_line_without_comments() -> None:
    assert SNIPPET.body.isascii()
    assert b"\n" not in SNIPPET.body
    assert b"//" not in SNIPPET.body


def test_it_needs_nothing_that_a_strict_policy_forbids() -> None:
    """No text becomes code, markup or style."""
    forbidden = (
        rb"eval|Function|innerHTML|outerHTML|insertAdjacent|document\.write|\.style|import|createElement"
    )

    assert re.search(forbidden, SNIPPET.body) is None


def test_the_hash_is_the_one_of_the_bytes_served() -> None:
    kind, _, digest = SNIPPET.integrity.partition("-")

    assert kind == "sha384"
    assert base64.b64decode(digest) == hashlib.sha384(SNIPPET.body).digest()


def test_pages_of_other_origins_may_load_it_for_an_hour() -> None:
    assert HEADERS["Cache-Control"] == "public, max-age=3600"
    assert HEADERS["X-Content-Type-Options"] == "nosniff"
    assert HEADERS["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert HEADERS["Access-Control-Allow-Origin"] == "*"
    assert HEADERS["Content-Type"].startswith("text/javascript")


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("// said\n  run(1);\n\n", "run(1);"),
        ("const long = 1;\nuse(long);", "let a=1;use(a);"),
        ("const one = 1;\nlet two;\nuse(one, two);", "let a=1,b;use(a,b);"),
        ("use();\nlet one;\nif (x) {\n  let two;\n}\nlet three;", "use();let a;if(x){let c}let b;"),
        ("const f = (one, two) => one + two;", "let a=(b,c)=>b+c;"),
        ("const f = (one) => one in x;", "let a=b=>b in x;"),
    ],
)
def test_comments_spaces_and_long_names_go(source: str, written: str) -> None:
    assert shorten(source) == written


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("const name = {name: x.name};", "let a={name:x.name};"),
        ("const name = 1;\nuse({of: 1, name: name});", "let a=1;use({of:1,name:a});"),
        ("const name = 1;\nuse(x ? name : y);", "let a=1;use(x?a:y);"),
        ("const name = 1;\nuse({...name});", "let a=1;use({...a});"),
        ('const name = "name; let  name // name";', 'let a="name; let  name // name";'),
    ],
)
def test_properties_and_texts_stay(source: str, written: str) -> None:
    assert shorten(source) == written


def test_a_name_is_none_that_the_source_uses() -> None:
    assert shorten("const long = a;") == "let b=a;"
