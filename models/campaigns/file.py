"""Read and check a campaign file (YAML 1.2); every problem comes with its line and column."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from models.authenticity.settings import RULE_MODELS, Authenticity
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
    Sentiment,
    Target,
    Thresholds,
    Values,
)
from models.campaigns.checked_yaml import ANY, Models, line_of, lines_of, mistakes_of, read_text
from models.campaigns.no_effect import ineffective
from models.campaigns.rules import Complaint
from models.campaigns.yaml_data import Mistake, Path, Position, YamlDocument, YamlError

_MODELS: Models = {
    (): Declaration,
    ("currency_rates",): CurrencyRates,
    ("emv_cards", ANY): EmvCard,
    ("campaigns", ANY): Campaign,
    ("campaigns", ANY, "costs", ANY): Cost,
    ("campaigns", ANY, "links", ANY): Link,
    ("campaigns", ANY, "codes", ANY): Code,
    ("campaigns", ANY, "target"): Target,
    ("campaigns", ANY, "values"): Values,
    ("campaigns", ANY, "sentiment"): Sentiment,
    ("campaigns", ANY, "thresholds"): Thresholds,
    ("campaigns", ANY, "min_sample"): MinSample,
    ("campaigns", ANY, "authenticity"): Authenticity,
    **{("campaigns", ANY, "authenticity", rule): model for rule, model in RULE_MODELS.items()},
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

    @property
    def warnings(self) -> list[str]:
        """What is allowed, and has no effect or hardly the one that was meant, a line each."""
        vain = _found(ineffective(self.declaration), self.document)
        return lines_of(self.name, [*self.document.warnings, *vain])

    def complain(self, path: Path, rule: str) -> str:
        """Return the message about a problem at a path, in the form of CampaignFileError."""
        return line_of(self.name, Mistake(self.document.position_of(path), path, rule))


def read_campaign_file(name: str, content: str | bytes) -> CampaignFile:
    """Read and check a campaign file; `name` appears in the messages.

    Raises:
        CampaignFileError: it is not YAML in UTF-8, or not a valid declaration.

    """
    try:
        document = read_text(content)
    except YamlError as error:
        raise CampaignFileError(line_of(name, Mistake(error.position, (), error.rule))) from None
    if not isinstance(document.data, dict):
        empty = document.data is None
        rule = "is empty: it must declare campaigns" if empty else "must be a mapping with the key campaigns"
        raise CampaignFileError(line_of(name, Mistake(document.position_of(()), (), rule)))
    return CampaignFile(name, _check(name, document), document.data, document)


def _check(name: str, document: YamlDocument) -> Declaration:
    mistakes = list(document.mistakes)
    declaration = None
    try:
        declaration = Declaration.model_validate(document.data)
        mistakes += _found(rules.mistakes(declaration), document)
    except ValidationError as error:
        mistakes += mistakes_of(error, document, _MODELS)
    if declaration is None or mistakes:
        raise CampaignFileError("\n".join(lines_of(name, mistakes)))
    return declaration


def _found(complaints: Iterable[Complaint], document: YamlDocument) -> list[Mistake]:
    return [Mistake(_place(path, document), path, rule) for path, rule in complaints]


def _place(path: Path, document: YamlDocument) -> Position:
    """Return where a path stands: what names a mapping's entry is its key."""
    is_key = path in document.keys and bool({"scores", "weights", "emv_cards", "rates"} & set(path[:-1]))
    return document.keys[path] if is_key else document.position_of(path)
