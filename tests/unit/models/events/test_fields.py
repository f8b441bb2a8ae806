"""The scanner never takes more than the model: a rule that cannot be kept is not derived."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

import numpy as np
import pytest
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    create_model,
    field_validator,
    model_validator,
)

from models.core.records import records_of
from models.events.fields import LEFT, PASSED, NotDerivableError, derive
from models.events.forms import FIELDS, forms_of, leaf_rules
from models.events.scanning import room_for, scan
from models.events.schema import LEAF_FIELDS, models_of, read_event_time
from models.topics import EventType
from tests.strategies import EVENT_TYPES


class Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


class Inner(Strict):
    a: int = 1


def twice(value: Any) -> Any:
    return value * 2


def model_with(kind: Any, default: Any = ...) -> type[BaseModel]:
    return create_model("Odd", __base__=Strict, part=(kind, default))


def fits(model: type[BaseModel], text: str, **how: Any) -> bool:
    """Return whether a scanner takes a JSON object as one of a model with the field `part`."""
    records = records_of([text.encode()], [0], [0])
    room = room_for(1, 1)
    form = derive(model, ["part"], **how).form
    scan(records.buffer, records.starts, records.lengths, np.arange(1), form, 0, room)
    return bool(room.forms[0] == 0)


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_each_model_of_an_event_has_a_form(event_type: EventType) -> None:
    forms = forms_of(event_type)

    assert tuple(derived.model for derived in forms) == models_of(event_type)
    for derived in forms:
        required = {name for number, name in enumerate(FIELDS) if derived.form.required >> number & 1}
        assert required == {n for n, field in derived.model.model_fields.items() if field.is_required()}
        assert {n for n, kind in zip(FIELDS, derived.form.kinds, strict=True) if kind} == {
            *derived.model.model_fields
        }


def test_what_names_a_leaf_is_looked_at_in_lower_case_where_the_schema_says_so() -> None:
    lowered = [name for name, rule in zip(LEAF_FIELDS, leaf_rules(), strict=True) if rule.lowers]

    assert lowered == ["channel", "format"]


@pytest.mark.parametrize(
    ("kind", "taken", "not_taken"),
    [
        (
            Annotated[str, Field(min_length=2, max_length=3)],
            ['"ab"', '"abc"', '"éé"', '"😂😂😂"'],
            ['"a"', '"abcd"', "5", "null", '"é"', '"a\\n"'],
        ),
        (Annotated[int, Field(ge=1, le=3)], ["1", "3"], ["0", "4", "1.5", "true", '"1"', "1e0", "01"]),
        (Annotated[float, Field(ge=0, le=2)], ["0", "1.5", "2"], ["-1", '"1"', "true", "1e0", "NaN"]),
        (bool, ["true", "false"], ["1", '"true"']),
        (Literal["a", "b"], ['"a"', '"b"'], ['"c"', "1", '"ab"', '""']),
        (Inner, ["{}", '{"a":[{}]}'], ["[]", "1", '"{}"', "{", '{"a"}']),
    ],
)
def test_a_rule_that_is_understood_is_kept(kind: Any, taken: list[str], not_taken: list[str]) -> None:
    for text in taken:
        assert fits(model_with(kind), f'{{"part": {text}}}')
    for text in not_taken:
        assert not fits(model_with(kind), f'{{"part": {text}}}')


def test_a_text_that_is_only_passed_may_have_escapes() -> None:
    limited = model_with(Annotated[str, Field(max_length=3)])

    for text, taken in {r'"\n\u0041\ud83d\ude02"': True, r'"\n\n\n\n"': False, r'"\ud83d"': False}.items():
        assert fits(limited, f'{{"part": {text}}}', otherwise={"part": PASSED}) == taken


def test_an_event_with_a_field_that_is_left_to_the_model_is_odd_and_any_other_is_not() -> None:
    rare = model_with(Annotated[int, Field(ge=-1, le=2**40)] | None, None)

    for text, taken in {'{"a": 1}': True, '{"part": null}': True, '{"part": 5}': False}.items():
        assert fits(rare, text, otherwise={"part": LEFT}) == taken


def test_a_field_that_every_event_has_is_not_left_to_the_model() -> None:
    with pytest.raises(NotDerivableError, match=r"^Odd\.part: "):
        derive(model_with(str), ["part"], otherwise={"part": LEFT})


def test_a_field_without_default_is_required_and_one_that_may_be_null_is_not() -> None:
    assert not fits(model_with(str), "{}")
    assert fits(model_with(str | None, None), '{"part": null}')
    assert fits(model_with(Annotated[int, Field(ge=1, le=9)], 7), '{"other": {"part": 0}}')
    assert not fits(model_with(str), '{"part": "a", "part": "a"}')


def test_patterns_are_left_to_the_reader_anchored_at_both_ends() -> None:
    model = model_with(Annotated[str, Field(pattern="^[a-z.-]{1,3}(-x)*$")])
    patterns = derive(model, ["part"]).rules.patterns

    assert patterns["part"].fullmatch("a.-x-x")
    assert not patterns["part"].fullmatch("a\n")


@pytest.mark.parametrize(
    "kind",
    [
        Annotated[str, BeforeValidator(twice)],
        Annotated[str, AfterValidator(twice)],
        Annotated[int, Field(multiple_of=2)],
        Annotated[int, Field(gt=2, le=5)],
        Annotated[int, Field(ge=0, le=2**31)],
        Annotated[float, Field(ge=0.5, le=2)],
        Annotated[float, Field(ge=-1, le=2)],
        int,
        float,
        Annotated[str, StringConstraints(to_upper=True)],
        Annotated[str, StringConstraints(strip_whitespace=True)],
        list[str],
        Literal["a", 1],
        Literal["é"],
        dict[str, str],
        int | str,
        datetime,
        Decimal,
        Any,
    ],
)
def test_a_field_with_a_rule_that_is_not_understood_is_not_derived(kind: Any) -> None:
    with pytest.raises(NotDerivableError, match=r"^Odd\.part: "):
        derive(model_with(kind), ["part"])


@pytest.mark.parametrize(
    "pattern",
    [
        *("a", "^a", "a$", r"^\d$", r"^\w+$", "^.$", "^a|b$", "^(?i)a$", "^[^a]$", "^[a&&b]$", "^[a--b]$"),
        *("^a*+$", "^a$$", "^é$"),
    ],
)
def test_a_pattern_that_may_mean_something_else_in_python_is_not_derived(pattern: str) -> None:
    model = model_with(Annotated[str, Field(pattern=pattern)])

    with pytest.raises(NotDerivableError, match=r"^Odd\.part: the pattern"):
        derive(model, ["part"])


@pytest.mark.parametrize(
    ("kind", "default"),
    [
        (str | None, ...),
        (str | None, "x"),
        (Annotated[float, Field(ge=0, le=1)], 0.5),
        (Inner, Inner()),
        (Annotated[int, Field(ge=0, le=1)], Field(default_factory=int)),
        (str, Field(alias="x")),
    ],
)
def test_a_default_or_name_that_the_scanner_would_take_otherwise_is_not_derived(
    kind: Any, default: Any
) -> None:
    with pytest.raises(NotDerivableError, match=r"^Odd\.part: "):
        derive(model_with(kind, default), ["part"])


def test_a_model_with_validators_of_its_own_is_not_derived() -> None:
    class Whole(Strict):
        part: str

        @model_validator(mode="after")
        def check(self) -> "Whole":
            return self

    class Part(Strict):
        part: str

        @field_validator("part")
        @classmethod
        def check(cls, value: str) -> str:
            return value

    for model in (Whole, Part):
        with pytest.raises(NotDerivableError, match=model.__name__):
            derive(model, ["part"])


@pytest.mark.parametrize(
    "config",
    [
        ConfigDict(extra="forbid"),
        ConfigDict(str_strip_whitespace=True),
        ConfigDict(str_max_length=5),
        ConfigDict(strict=False),
    ],
)
def test_a_model_that_is_configured_otherwise_is_not_derived(config: ConfigDict) -> None:
    class Odd(Strict):
        model_config = config
        part: str

    with pytest.raises(NotDerivableError, match="Odd: is configured"):
        derive(Odd, ["part"])


def test_a_field_without_a_number_is_not_derived() -> None:
    with pytest.raises(NotDerivableError, match="Odd: part have no number"):
        derive(model_with(str), ["other"])


@pytest.mark.parametrize(
    ("kind", "special"),
    [
        (Annotated[str, BeforeValidator(twice)], read_event_time),
        (Annotated[int, BeforeValidator(twice), Field(ge=1)], twice),
        (Annotated[str, BeforeValidator(twice)], twice),
    ],
)
def test_a_special_rule_that_is_another_or_not_alone_is_not_derived(
    kind: Any, special: Callable[..., Any]
) -> None:
    with pytest.raises(NotDerivableError, match=r"^Odd\.part: "):
        derive(model_with(kind), ["part"], special={"part": special})


@pytest.mark.parametrize(
    "kind",
    [
        Annotated[str, Field(pattern="^a$")],
        Annotated[str, StringConstraints(to_lower=True)],
        Literal["a"],
        bool,
    ],
)
def test_a_text_that_must_be_looked_at_is_not_only_passed(kind: Any) -> None:
    with pytest.raises(NotDerivableError, match=r"^Odd\.part: must be looked at"):
        derive(model_with(kind), ["part"], otherwise={"part": PASSED})
