"""Read and check a campaign file (YAML 1.2); every problem comes with its line and column."""

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from models.campaigns.campaign import (
    Campaign,
    Cost,
    CurrencyRates,
    Declaration,
    EmvCard,
    MinSample,
    Target,
    Thresholds,
    Values,
)
from models.campaigns.yaml_data import Mistake, Path, Position, YamlDocument, YamlError, read_yaml

_ANY = "*"
_MODELS: dict[Path, type[BaseModel]] = {
    (): Declaration,
    ("currency_rates",): CurrencyRates,
    ("emv_cards", _ANY): EmvCard,
    ("campaigns", _ANY): Campaign,
    ("campaigns", _ANY, "costs", _ANY): Cost,
    ("campaigns", _ANY, "target"): Target,
    ("campaigns", _ANY, "values"): Values,
    ("campaigns", _ANY, "thresholds"): Thresholds,
    ("campaigns", _ANY, "min_sample"): MinSample,
}
_KEY = "[key]"
# The reader reports lone surrogates itself: pydantic finds them only where it measures a text.
_LONE_SURROGATE = "string_unicode"
_RULES = {
    "missing": "required",
    "string_type": "must be text",
    "float_type": "must be a number",
    "int_type": "must be a whole number",
    "finite_number": "must be a finite number",
    "tuple_type": "must be a list",
    "frozen_set_type": "must be a list",
    "dict_type": "must be a mapping",
    "model_type": "must be a mapping",
}
_PATTERNS = {
    r"^[A-Z]{3}$": "must be an ISO 4217 code of three capitals, such as EUR",
    r"^[A-Za-z0-9._:-]{1,64}$": "must be 1 to 64 of A–Z a–z 0–9 . _ : -",
}


class CampaignFileError(Exception):
    """A campaign file is not valid; the message has a line, FILE:LINE:COLUMN, for each problem."""


@dataclass(frozen=True, slots=True)
class CampaignFile:
    """What a campaign file declares: checked, and as written (times stay text)."""

    name: str
    declaration: Declaration
    declared: dict[str, Any]
    document: YamlDocument

    def complain(self, path: Path, rule: str) -> str:
        """Return the message about a problem at a path, in the form of CampaignFileError."""
        return _line(self.name, Mistake(self.document.position_of(path), path, rule))


def read_campaign_file(name: str, content: str | bytes) -> CampaignFile:
    """Read and check a campaign file; `name` appears in the messages.

    Raises:
        CampaignFileError: it is not YAML in UTF-8, or not a valid declaration.

    """
    try:
        document = read_yaml(_decode(content))
    except YamlError as error:
        raise CampaignFileError(_line(name, Mistake(error.position, (), error.rule))) from None
    if not isinstance(document.data, dict):
        empty = document.data is None
        rule = "is empty: it must declare campaigns" if empty else "must be a mapping with the key campaigns"
        raise CampaignFileError(_line(name, Mistake(document.position_of(()), (), rule)))
    return CampaignFile(name, _check(name, document), document.data, document)


def _decode(content: str | bytes) -> str:
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line_start = content.rfind(b"\n", 0, error.start) + 1
        position = Position(content.count(b"\n", 0, error.start) + 1, error.start - line_start + 1)
        raise YamlError(position, "is not UTF-8 text: save it as UTF-8") from None


def _check(name: str, document: YamlDocument) -> Declaration:
    mistakes = list(document.mistakes)
    declaration = None
    try:
        declaration = Declaration.model_validate(document.data)
        mistakes += _cross_check(declaration, document)
    except ValidationError as error:
        details = error.errors(include_url=False)
        mistakes += [_mistake(detail, document) for detail in details if detail["type"] != _LONE_SURROGATE]
    if declaration is None or mistakes:
        raise CampaignFileError("\n".join(_line(name, mistake) for mistake in sorted(mistakes, key=_order)))
    return declaration


def _order(mistake: Mistake) -> tuple[Position, str]:
    return mistake.position, mistake.rule


def _line(name: str, mistake: Mistake) -> str:
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in mistake.path)
    where = "".join(parts).removeprefix(".")
    line, column = mistake.position
    return f"{name}:{line}:{column}: {where + ': ' if where else ''}{mistake.rule}"


def _mistake(detail: ErrorDetails, document: YamlDocument) -> Mistake:
    path: Path = tuple(part for part in detail["loc"] if part != _KEY)
    about_key = _KEY in detail["loc"] or detail["type"] == "extra_forbidden" or detail["input"] is None
    position = document.keys.get(path) if about_key else None
    return Mistake(position or document.position_of(path), path, _rule(detail, path))


def _rule(detail: ErrorDetails, path: Path) -> str:
    kind, given = detail["type"], detail["input"]
    if kind == "extra_forbidden":
        return "no such field" + suggestion(str(path[-1]), _fields_at(path[:-1]))
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(detail["ctx"]["pattern"], detail["msg"])
    if kind == "literal_error":
        known = re.findall(r"'([^']*)'", detail["ctx"]["expected"])
        return f"must be one of {', '.join(known)}{suggestion(str(given), known)}"
    rule = _RULES.get(kind)
    if rule is None:
        return detail["msg"].removeprefix("Value error, ").replace("Input should ", "must ")
    if kind in ("float_type", "int_type") and isinstance(given, str):
        return f"{rule}, without quotes" if _is_number(given) else rule
    if kind == "string_type" and isinstance(given, bool | int | float):
        return f'{rule}: put quotes around it, "{str(given).lower()}"'
    return rule


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _fields_at(path: Path) -> list[str]:
    for shape, model in _MODELS.items():
        if len(shape) == len(path) and all(a in (_ANY, b) for a, b in zip(shape, path, strict=True)):
            return [info.alias or name for name, info in model.model_fields.items()]
    return []


def suggestion(given: str, known: Iterable[str]) -> str:
    """Return a question whether the most similar known name was meant; empty where none is similar."""
    near = difflib.get_close_matches(given, list(known), n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _cross_check(declaration: Declaration, document: YamlDocument) -> Iterator[Mistake]:
    first: dict[str, int] = {}
    for index, campaign in enumerate(declaration.campaigns):
        root: Path = ("campaigns", index)
        wrong = [*_unlisted(campaign), *_unweighted(campaign), *_zone(campaign)]
        if (before := first.setdefault(campaign.id, index)) != index:
            wrong.append((("id",), f"is the id of campaigns[{before}], too; ids must differ"))
        for path, rule in wrong:
            positions = document.keys if "scores" in path else document.values
            yield Mistake(positions[*root, *path], (*root, *path), rule)


def _unlisted(campaign: Campaign) -> Iterator[tuple[Path, str]]:
    """Find costs and scores of influencers who are not listed, and whose events would be refused."""
    listed = campaign.influencers
    if listed is None:
        return
    named: list[tuple[Path, str]] = [
        (("costs", index, "influencer"), cost.influencer) for index, cost in enumerate(campaign.costs)
    ]
    if campaign.values:
        named += [(("values", "scores", name), name) for name in campaign.values.scores]
    for path, name in named:
        if name not in listed:
            yield path, f"{name} is not among the campaign's influencers{suggestion(name, sorted(listed))}"


def _unweighted(campaign: Campaign) -> Iterator[tuple[Path, str]]:
    """Find scores of values that have no weight."""
    if campaign.values is None:
        return
    weights = campaign.values.weights
    for influencer, scores in campaign.values.scores.items():
        for value in scores:
            if value not in weights:
                rule = f"{value} has no weight{suggestion(value, weights)}"
                yield ("values", "scores", influencer, value), rule


def _zone(campaign: Campaign) -> Iterator[tuple[Path, str]]:
    try:
        ZoneInfo(campaign.time_zone)
    except (ValueError, OSError, KeyError):
        near = suggestion(campaign.time_zone, sorted(available_timezones()))
        yield ("time_zone",), f"must be a time zone that exists, such as Europe/Paris{near}"
