"""How a series is named: its family and its labels."""

Labels = frozenset[tuple[str, str]]
Key = tuple[str, Labels]
Series = dict[Key, float]


def key(name: str, /, **labels: str) -> Key:
    """Name a series; an empty label is no label, as in Prometheus."""
    return name, frozenset((label, value) for label, value in labels.items() if value)


def describe(key: Key) -> str:
    """Write a series as Prometheus does."""
    labels = ",".join(f'{label}="{value}"' for label, value in sorted(key[1]))
    return f"{key[0]}{{{labels}}}" if labels else key[0]
