"""Read a map: one's own file, or a built-in one; every problem comes with its line and column."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from models.campaigns.checked_yaml import ANY, Models, line_of, lines_of, mistakes_of, read_text
from models.campaigns.wording import suggestion
from models.campaigns.yaml_data import Mistake, YamlDocument, YamlError
from producers.imports import import_map as declared
from producers.imports.import_map import ImportMap

_MODELS: Models = {
    (): ImportMap,
    **dict.fromkeys(
        ((name,) for name in ("campaign", "influencer", "content", "channel", "format")), declared.Value
    ),
    ("file",): declared.File,
    ("numbers",): declared.Numbers,
    ("time",): declared.Time,
    ("figures",): declared.Figures,
    ("figures", "columns", ANY): declared.Metric,
    ("orders",): declared.Orders,
    ("refunds",): declared.Refunds,
    ("read_from",): declared.ReadFrom,
}
_EXTENSIONS = (".yaml", ".yml")
_BASE = "based_on"
_KINDS = frozenset(("figures", "orders", "refunds"))
# Where a map and the one it is based on both say something, entries are joined; all else is replaced.
_JOINED = frozenset(
    ("campaigns", "influencers", "contents", "channels", "formats", "file", "numbers", "time", "only", "skip")
)


class MapError(Exception):
    """There is no such map, or it is not valid; the message has a line for each problem."""


@dataclass(frozen=True, slots=True)
class MapFile:
    """A map, what it is called in messages, and what in it is likely not what was meant, a line each."""

    name: str
    map: ImportMap
    warnings: tuple[str, ...] = ()


def read_map(given: str) -> MapFile:
    """Read the map in a file, or the built-in one of a name.

    Raises:
        MapError: there is none, or it is not valid.

    """
    if given.endswith(_EXTENSIONS) or "/" in given:
        return _read(given, _content(given))
    if given not in names():
        known = ", ".join(names())
        raise MapError(
            f"There is no map {given}{suggestion(given, names())}. "
            f"Built in are {known}; a map of your own is a file: --map my-map.yaml."
        )
    return _read(f"{given}.yaml", _own(given))


def names() -> list[str]:
    """List the built-in maps."""
    return sorted(each.name.removesuffix(".yaml") for each in _folder().iterdir())


def all_maps() -> Iterator[tuple[str, ImportMap]]:
    """Yield the built-in maps, with their names."""
    for name in names():
        yield name, read_map(name).map


def _folder() -> Any:
    return files("producers").joinpath("imports", "maps")


def _own(name: str) -> str:
    return str(_folder().joinpath(f"{name}.yaml").read_text("utf-8"))


def _content(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise MapError(f"{path}: cannot be read ({error.strerror}).") from None


def _read(name: str, content: str | bytes) -> MapFile:
    try:
        document = read_text(content)
    except YamlError as error:
        raise MapError(line_of(name, Mistake(error.position, (), error.rule))) from None
    if not isinstance(document.data, dict):
        raise MapError(
            line_of(
                name,
                Mistake(document.position_of(()), (), "must be a mapping, as the built-in maps are"),
            )
        )
    found, mistakes = _validated(_based(name, document), document)
    mistakes += document.mistakes
    if found is None or mistakes:
        raise MapError("\n".join(lines_of(name, mistakes)))
    return MapFile(name, found, tuple(lines_of(name, document.warnings)))


def _validated(data: dict[str, Any], document: YamlDocument) -> tuple[ImportMap | None, list[Mistake]]:
    try:
        return ImportMap.model_validate(data), []
    except ValidationError as error:
        return None, mistakes_of(error, document, _MODELS)


def _based(name: str, document: YamlDocument) -> dict[str, Any]:
    """Return what a map says, with what the one that it is based on says beside that."""
    own = {key: value for key, value in document.data.items() if key != _BASE}
    base = document.data.get(_BASE)
    if base is None:
        return own
    if base not in names():
        rule = f"must be one of the built-in maps: {', '.join(names())}"
        raise MapError(line_of(name, Mistake(document.position_of((_BASE,)), (_BASE,), rule)))
    under = read_text(_own(base)).data
    if _KINDS & own.keys():
        under = {key: value for key, value in under.items() if key not in _KINDS}
    joined = {
        key: {**under[key], **value}
        for key, value in own.items()
        if key in _JOINED and isinstance(value, dict) and isinstance(under.get(key), dict)
    }
    return {**under, **own, **joined}
