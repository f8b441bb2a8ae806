"""The snippet that pages load as /t.js: what is served of it, its hash for `integrity`, and its headers."""

import base64
import hashlib
import re
import string
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HEADERS: Mapping[str, str] = {
    "Content-Type": "text/javascript; charset=utf-8",
    "Cache-Control": "public, max-age=3600",
    "X-Content-Type-Options": "nosniff",
    # Pages of other origins load it, and may check its hash, for which a browser wants CORS.
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Access-Control-Allow-Origin": "*",
}
_COMMENT = re.compile(r"^\s*//.*$", re.MULTILINE)
_TOKEN = re.compile(r'"[^"\n]*"|\.\.\.|\w+|\S')
_DECLARED = re.compile(r"\b(?:const|let) (\w+)|\(([\w, .]*)\) =>")
_WORD = re.compile(r"[\w$]")
_ONE_PARAMETER = re.compile(r"\((\w)\)=>")


@dataclass(frozen=True, slots=True)
class Snippet:
    """The bytes served, and their hash as the `integrity` of a script tag has it."""

    body: bytes
    integrity: str


def read_snippet() -> Snippet:
    """Read the snippet as it is served."""
    body = shorten(Path(__file__).with_name("snippet.js").read_text("utf-8")).encode()
    return Snippet(body, "sha384-" + base64.b64encode(hashlib.sha384(body).digest()).decode())


def shorten(source: str) -> str:
    """Leave out comments and spaces, and give what the source declares names of one letter.

    It reads no more of JavaScript than `snippet.js` has, whose first lines say how that is written.
    """
    code = _COMMENT.sub("", source)
    tokens = _TOKEN.findall(code)
    short = _short_names(code, tokens)
    written, before = "", ""
    for token, after in zip(tokens, [*tokens[1:], ""], strict=True):
        is_property = before == "." or (before in ("{", ",") and after == ":")
        word = token if is_property else short.get(token, token)
        written += f" {word}" if _WORD.match(word) and _WORD.match(before) else word
        before = word
    return _ONE_PARAMETER.sub(r"\1=>", _join_declarations(written)).replace(";}", "}")


def _short_names(code: str, tokens: list[str]) -> dict[str, str]:
    """Give a letter to each declared name, and a shorter word to `const`, which does the same here."""
    declared = {
        name for found in _DECLARED.findall(code) for part in found for name in re.findall(r"\w+", part)
    }
    letters = [letter for letter in string.ascii_letters + "_$" if letter not in tokens]
    return dict(zip(sorted(declared), letters, strict=False)) | {"const": "let"}


def _join_declarations(code: str) -> str:
    """Write `let a=1,b=2` for `let a=1;let b=2`, where both stand in one block."""
    written, declares = "", [False]
    for part in re.findall(r'"[^"]*"|;?\blet\b ?|[;(){}\[\]]|[^"]', code):
        if part.startswith(";let") and declares[-1]:
            part = ","
        elif "let" in part and not part.startswith('"'):
            declares[-1] = True
        elif part == ";":
            declares[-1] = False
        elif part in "({[":
            declares.append(False)
        elif part in ")}]":
            declares.pop()
        written += part
    return written
