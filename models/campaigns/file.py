"""Read and check a campaign file (YAML 1.2); every problem comes with its line and column."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from models.campaigns import rules
from models.campaigns.campaign import (
    Campaign,
    Code,
    Cost,
    CurrencyRates,
    Declaration,
    EmvCard,
    Link,
    MinSample,
    Target,
    Thresholds,
    Values,
)
from models.campaigns.no_effect import ineffective
from models.campaigns.rules import Complaint
from models.campaigns.wording import rule_in_words, suggestion
from models.campaigns.yaml_data import Mistake, Path, Position, YamlDocument, YamlError, read_yaml

_ANY = "*"
_MODELS: dict[Path, type[BaseModel]] = {
    (): Declaration,
    ("currency_rates",): CurrencyRates,
    ("emv_cards", _ANY): EmvCard,
    ("campaigns", _ANY): Campaign,
    ("campaigns", _ANY, "costs", _ANY): Cost,
    ("campaigns", _ANY, "links", _ANY): Link,
    ("campaigns", _ANY, "codes", _ANY): Code,
    ("campaigns", _ANY, "target"): Target,
    ("campaigns", _ANY, "values"): Values,
    ("campaigns", _ANY, "thresholds"): Thresholds,
    ("campaigns", _ANY, "min_sample"): MinSample,
}
_KEY = "[key]"
# The reader reports lone surrogates itself: pydantic finds them only where it measures a text.
_LONE_SURROGATE = "string_unicode"
# A cross-check that pydantic makes without the other field's text, which the message quotes.
_LATER_THAN = re.compile(r"must be later than (\w+)")


class CampaignFileError(Exception):
    """A campaign file is not valid; the message has a line, FILE:LINE:COLUMN, for each problem."""


@dataclass(frozen=True, slots=True)
class CampaignFile:
    """What a campaign file declares: checked, and as written (times stay text)."""

    name: str
    declaration: Declaration
    declared: dict[str, Any]
    document: YamlDocument

    @property
    def warnings(self) -> list[str]:
        """What is allowed, and has no effect or hardly the one that was meant, a line each."""
        vain = _found(ineffective(self.declaration), self.document)
        return [_line(self.name, one) for one in sorted([*self.document.warnings, *vain], key=_order)]

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
    document.data = _stripped(document.data)
    if not isinstance(document.data, dict):
        empty = document.data is None
        rule = "is empty: it must declare campaigns" if empty else "must be a mapping with the key campaigns"
        raise CampaignFileError(_line(name, Mistake(document.position_of(()), (), rule)))
    return CampaignFile(name, _check(name, document), document.data, document)


def _stripped(data: Any) -> Any:
    """Take the white space off around every text: folded and literal ones end with a line break."""
    if isinstance(data, dict):
        return {key: _stripped(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_stripped(value) for value in data]
    return data.strip() if isinstance(data, str) else data


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
        mistakes += _found(rules.mistakes(declaration), document)
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
    comments = [warning.rule for warning in document.warnings if warning.path == path]
    rule = "; ".join([_rule(detail, path, document), *comments])
    return Mistake(position or document.position_of(path), path, rule)


def _rule(detail: ErrorDetails, path: Path, document: YamlDocument) -> str:
    rule = rule_in_words(detail, document.written.get(path))
    if detail["type"] == "extra_forbidden":
        return rule + suggestion(str(path[-1]), _fields_at(path[:-1]))
    if found := _LATER_THAN.fullmatch(rule):
        return f"{rule} ({document.written[*path[:-1], found[1]]})"
    return rule


def _fields_at(path: Path) -> list[str]:
    for shape, model in _MODELS.items():
        if len(shape) == len(path) and all(a in (_ANY, b) for a, b in zip(shape, path, strict=True)):
            return [info.alias or name for name, info in model.model_fields.items()]
    return []


def _found(complaints: Iterable[Complaint], document: YamlDocument) -> list[Mistake]:
    return [Mistake(_place(path, document), path, rule) for path, rule in complaints]


def _place(path: Path, document: YamlDocument) -> Position:
    """Return where a path stands: what names a mapping's entry is its key."""
    is_key = path in document.keys and bool({"scores", "weights", "emv_cards", "rates"} & set(path[:-1]))
    return document.keys[path] if is_key else document.position_of(path)
