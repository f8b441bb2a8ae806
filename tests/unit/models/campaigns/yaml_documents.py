"""Random valid YAML documents: every style of scalar, comments, tabs, anchors, flow and block."""

from random import Random

_WORDS = ("a", "cc", "x:y", "x#y", "é", "😀", "-", "it's", '"q"', "12", "~", "1.5", "no", "<<", "<5", "=")


def document(random: Random) -> str:
    """Return a mapping as a person might write it, and as no person would."""
    return _mapping(random, 0, 0, [])


def _mapping(random: Random, indent: int, depth: int, anchors: list[str]) -> str:
    lines = []
    for index in range(random.randint(1, 4)):
        comment = random.choice(("", "", "", "# c\n", " " * indent + "# c\n", "\n"))
        value = _value(random, indent + random.randint(1, 3), depth + 1, anchors)
        lines.append(f"{comment}{' ' * indent}k{index}:{value}")
    return "".join(lines)


def _value(random: Random, indent: int, depth: int, anchors: list[str], blanks: str = " \t") -> str:
    """Return what follows a colon or a dash, to the end of its last line."""
    blank, kind = random.choice(blanks), random.random()
    if anchors and kind < 0.08:
        return f"{blank}*{random.choice(anchors)}\n"
    if depth < 4 and kind < 0.45:
        inner = _mapping if kind < 0.3 else _sequence
        return _anchored(random, f"\n{inner(random, indent, depth, anchors)}", anchors)
    if kind < 0.6:
        return f"{blank}{_flow(random, indent, depth)}{_rest(random)}\n"
    if kind < 0.75:
        return f"{blank}{_block(random, indent)}"
    return _anchored(random, f"{blank}{_scalar(random, indent)}{_rest(random)}\n", anchors)


def _sequence(random: Random, indent: int, depth: int, anchors: list[str]) -> str:
    # After a dash libyaml takes no tab.
    items = (_value(random, indent + 2, depth + 1, anchors, " ") for _ in range(random.randint(1, 4)))
    return "".join(f"{' ' * indent}-{item}" for item in items)


def _anchored(random: Random, text: str, anchors: list[str]) -> str:
    if random.random() < 0.8:
        return text
    anchors.append(f"n{len(anchors)}")
    return f" &{anchors[-1]}{text}"


def _rest(random: Random) -> str:
    return random.choice(("", "", "", " ", "\t", " # c", "\t# c", "  #c"))


def _text(random: Random) -> str:
    return " ".join(random.choice(_WORDS) for _ in range(random.randint(1, 6)))


def _broken(random: Random, text: str, indent: int) -> str:
    """Break a line at a space, with white space on either side."""
    if random.random() < 0.5:
        return text
    before, after = random.choice(("", " ", "\t")), random.choice(("", " ", "\t", " \t"))
    newlines = random.choice(("\n", "\n", "\r\n")) * random.randint(1, 3)
    return text.replace(" ", f"{before}{newlines}{' ' * indent}{after}", 1)


def _scalar(random: Random, indent: int) -> str:
    text, style = _text(random), random.random()
    if style < 0.3:
        return "'" + _broken(random, text.replace("'", "''"), indent) + "'"
    if style < 0.6:
        escaped = random.choice(("", "\\t", "\\u00e9", "\\x41", "\\/", "\\\n  "))
        return '"' + _broken(random, text.replace('"', '\\"'), indent) + escaped + '"'
    # Within a plain scalar a tab may stand between words, but not where a line begins.
    plain = "w" + text
    if random.random() < 0.3:
        plain = plain.replace(" ", random.choice(("\t", f"\n{' ' * indent}", f" \n\n{' ' * indent}")), 1)
    return plain


def _flow(random: Random, indent: int, depth: int) -> str:
    parts = [
        _flow(random, indent, depth + 1)
        if depth < 4 and random.random() < 0.2
        else random.choice(("w", "w x", "'a, b'", '"[c]"', "12", "'it''s'"))
        for _ in range(random.randint(0, 4))
    ]
    comma = random.choice((",", ", ", ",\t", f",\n{' ' * (indent + 1)}", f", # c\n{' ' * (indent + 1)}"))
    if random.random() < 0.5:
        return f"[{comma.join(parts)}]"
    return "{" + comma.join(f"k{index}: {part}" for index, part in enumerate(parts)) + "}"


def _block(random: Random, indent: int) -> str:
    head = random.choice("|>") + random.choice(("", "-", "+")) + random.choice(("", " ", "\t", " # c"))
    lines = [" " * indent + "w" + _text(random)]
    for _ in range(random.randint(0, 5)):
        deeper = random.choice(("", "", "", " ", "  ", "\t"))
        lines.append(random.choice(("", " " * indent + deeper + _text(random), " " * indent + deeper + "#t")))
    return "\n".join([head, *lines]) + "\n"
