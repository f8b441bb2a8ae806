"""What a golden file may hold. Unknown and repeated keys are errors: a case that is not read proves nothing.

`kpis/*.yaml`: campaigns, events, `now`, and the KPIs expected, with the working in comments.
`article/*.yaml`: the same for each KPI of the article, named in French, and how it is written.
`refusals/*.yaml`: records, and whether each is an event or refused for which reason and field.
"""

import base64
import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor

from models.campaigns.campaign import Declaration
from models.campaigns.fields import Time
from models.campaigns.registry import Registry
from models.events.parsing import Reason
from models.tally import Outcome
from models.topics import EventType
from models.windows import WindowName

HERE = Path(__file__).parent


class _Constructor(SafeConstructor):
    """Leaves times as the text that they are, so that our own reading of them is what is tested."""


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", SafeConstructor.construct_yaml_str)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


def _number(value: object) -> object:
    return float(Fraction(value)) if isinstance(value, str) and value != "absent" else value


Number = Annotated[float, BeforeValidator(_number)]
"""A number, or a fraction such as "100/3"."""

Expected = Literal["absent"] | Number | dict[str, Number]
Always = Literal["always"]
ByWindow = dict[WindowName | Always, dict[str, Expected]]
"""What is expected by window; `always` is for what no window changes."""


class Step(_Strict):
    """One event, or `times` alike: its type names its fields; `arrival` is its own time unless said."""

    impression: dict[str, Any] | None = None
    click: dict[str, Any] | None = None
    engagement: dict[str, Any] | None = None
    conversion: dict[str, Any] | None = None
    times: int = Field(1, ge=1, le=10_000)
    arrival: Time | None = None
    becomes: Outcome = "counted"

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len(self._named()) != 1:
            raise ValueError("an event has one type")
        return self

    def _named(self) -> list[tuple[EventType, dict[str, Any]]]:
        types: dict[EventType, dict[str, Any] | None] = {
            "impression": self.impression,
            "click": self.click,
            "engagement": self.engagement,
            "conversion": self.conversion,
        }
        return [(name, fields) for name, fields in types.items() if fields is not None]

    @property
    def type(self) -> EventType:
        """Name the event's type."""
        return self._named()[0][0]

    @property
    def fields(self) -> dict[str, Any]:
        """Return the event's own fields."""
        return self._named()[0][1]


class KpiCase(Declaration):
    """One file of `kpis/`: a campaign file's content, and what happened."""

    proves: str
    now: Time
    assume_consent: bool = False
    max_leaves: int = 1000
    usual: dict[str, Any] = Field({})
    events: list[Step] = Field([])
    expect: dict[str, ByWindow | Literal["not shown"]]
    late: int = 0

    def registry(self) -> Registry:
        """Register the campaigns."""
        named = {campaign.id: campaign for campaign in self.campaigns}
        return Registry(
            version=1, currency_rates=self.currency_rates, emv_cards=self.emv_cards, campaigns=named
        )

    def sent(self, partitions: int) -> Iterator[tuple[Step, dict[int, list[dict[str, Any]]]]]:
        """Yield each step's events by the partition that they are sent to, each partition in turn.

        An event has the usual fields, its own over them, and an id of its own.
        """
        number = 0
        for step in self.events:
            by_partition: dict[int, list[dict[str, Any]]] = {}
            for _ in range(step.times):
                number += 1
                event = {**self.usual, "event_id": f"e{number}", "type": step.type, **step.fields}
                by_partition.setdefault(number % partitions, []).append(event)
            yield step, by_partition


class ArticleCase(KpiCase):
    """One file of `article/`: a KPI as the article on influencers' campaigns names it in French.

    `shows` is how `kpis show` writes its figures over the flight.
    """

    article: str
    shows: dict[str, str]


class Refused(_Strict):
    """The reason of a refusal, and the field that its message names."""

    reason: Reason
    field: str


class RecordCase(_Strict):
    """One record: `text` or `base64` as it stands, `null_record`, or the usual event with some changes."""

    proves: str
    topic: Literal["impressions", "clicks", "engagements", "conversions"] = "impressions"
    text: str | None = None
    base64: str | None = None
    null_record: bool = False
    with_: dict[str, Any] = Field({}, alias="with")
    without: list[str] = []
    ignored: list[str] = []
    padded_to: int | None = None
    arrival: Time | None = None
    refused: Refused | None = None
    event: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _one_answer(self) -> Self:
        if (self.refused is None) == (self.event is None):
            raise ValueError("a record is refused or an event")
        return self

    def value(self, usual: dict[str, Any]) -> bytes | None:
        """Return the record's bytes."""
        if self.null_record:
            return None
        if self.base64 is not None:
            return base64.b64decode(self.base64, validate=True)
        if self.text is not None:
            raw = self.text.encode()
        else:
            data = {**usual, **self.with_}
            raw = json.dumps({name: data[name] for name in data if name not in self.without}).encode()
        return raw.ljust(self.padded_to or 0)


class RecordFile(Declaration):
    """One file of `refusals/`."""

    arrival: Time
    usual: dict[str, dict[str, Any]] = Field({})
    records: list[RecordCase]


def read(path: Path) -> Any:
    """Read YAML 1.2 as plain data; a key given twice is an error."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = _Constructor
    return yaml.load(path.read_text(encoding="utf-8"))


def files(folder: str) -> list[Path]:
    """List the files of a folder."""
    return sorted((HERE / folder).glob("*.yaml"))
