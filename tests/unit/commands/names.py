"""Names that a terminal would obey, as an older registry may hold them, and how they are printed."""

HOSTILE = {
    "a\0b": r"a\x00b",
    "\x1b[31mred\x1b]0;pwned\a": r"\x1b[31mred\x1b]0;pwned\x07",
    "x\x1b[2Jy": r"x\x1b[2Jy",
    'line one\nline two "q" \\ back': r'line one\nline two "q" \ back',
    "line one\rline two": r"line one\rline two",
    "\u202egnp.exe": r"\u202egnp.exe",
    "a\u2028b\x85c\x1ed": r"a\u2028b\x85c\x1ed",
    "del\x7f\x9b31m": r"del\x7f\x9b31m",
    "\u2066isolated\u2069\u200f": r"\u2066isolated\u2069\u200f",
}
HARMLESS = ["🌴 Été 👩‍👩‍👧", "日本語の名前", "null", "1_000", "[bold]no markup[/bold]", "é", "🏳️‍🌈", "شهر"]
