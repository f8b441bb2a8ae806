"""A Struct never accepts more than its model: a rule that cannot be kept is not derived."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec
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

from models.events.derive import NotDerivableError, Special, derive
from models.events.schema import (
    LEAF_FIELDS,
    Adjustment,
    Click,
    Conversion,
    Engagement,
    Impression,
    read_event_time,
)
from models.events.structs import leaf_rules

LOWERED = [name for name, rule in zip(LEAF_FIELDS, leaf_rules(), strict=True) if rule.lowers]
SPECIAL = {
    "event_time": Special(read_event_time, msgspec.Raw),
    **dict.fromkeys(LOWERED, Special("to_lower", str)),
}


class Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


def twice(value: Any) -> Any:
    return value * 2


def model_with(kind: Any, default: Any = ...) -> type[BaseModel]:
    return create_model("Odd", __base__=Strict, part=(kind, default))


def decode(model: type[BaseModel], text: bytes, special: Mapping[str, Special] | None = None) -> Any:
    return msgspec.json.decode(text, type=derive(model, special or {}).struct)


@pytest.mark.parametrize("model", [Impression, Click, Engagement, Conversion, Adjustment])
def test_the_struct_of_an_event_has_the_fields_and_the_name_of_its_model(model: type[BaseModel]) -> None:
    struct = derive(model, SPECIAL).struct

    assert (struct.__name__, list(struct.__struct_fields__)) == (model.__name__, list(model.model_fields))


@pytest.mark.parametrize(
    ("kind", "fits", "does_not"),
    [
        (
            Annotated[str, Field(min_length=2, max_length=3)],
            ['"ab"', '"abc"'],
            ['"a"', '"abcd"', "5", "null"],
        ),
        (Annotated[int, Field(ge=1, le=3)], ["1", "3"], ["0", "4", "1.5", "true", '"1"']),
        (Annotated[float, Field(ge=0, le=1.5)], ["0", "1.5"], ["-0.1", "1.6", '"1"', "true"]),
        (bool, ["true"], ["1", '"true"']),
        (Literal["a", "b"], ['"a"', '"b"'], ['"c"', "1"]),
        (
            Annotated[list[Annotated[str, Field(max_length=1)]], Field(max_length=1)],
            ["[]", '["a"]'],
            ['["ab"]', '["a","b"]'],
        ),
    ],
)
def test_a_rule_that_is_understood_is_kept(kind: Any, fits: list[str], does_not: list[str]) -> None:
    for text in fits:
        assert decode(model_with(kind), f'{{"part": {text}}}'.encode()) is not None
    for text in does_not:
        with pytest.raises(msgspec.ValidationError):
            decode(model_with(kind), f'{{"part": {text}}}'.encode())


def test_a_field_without_default_is_required_and_one_that_may_be_null_is_not() -> None:
    with pytest.raises(msgspec.ValidationError, match="required"):
        decode(model_with(str), b"{}")

    assert decode(model_with(str | None, None), b'{"part": null}').part is None
    assert decode(model_with(int, 7), b"{}").part == 7


def test_patterns_are_left_to_the_reader_anchored_at_both_ends() -> None:
    patterns = derive(model_with(Annotated[str, Field(pattern="^[a-z.-]{1,3}(-x)*$")]), {}).patterns

    assert patterns["part"].fullmatch("a.-x-x")
    assert not patterns["part"].fullmatch("a\n")


def test_a_nested_model_is_derived_with_its_patterns() -> None:
    nested = derive(Impression, SPECIAL).nested["audience"]

    assert sorted(nested.patterns) == ["country", "language"]


@pytest.mark.parametrize(
    "kind",
    [
        Annotated[str, BeforeValidator(twice)],
        Annotated[str, AfterValidator(twice)],
        Annotated[int, Field(multiple_of=2)],
        Annotated[int, Field(gt=2)],
        Annotated[str, StringConstraints(to_lower=True)],
        Annotated[str, StringConstraints(to_upper=True)],
        Annotated[str, StringConstraints(strip_whitespace=True)],
        Annotated[list[Annotated[str, Field(pattern="^a$")]], Field(max_length=2)],
        Literal["a", 1],
        dict[str, str],
        int | str,
        datetime,
        Decimal,
        Any,
    ],
)
def test_a_field_with_a_rule_that_is_not_understood_is_not_derived(kind: Any) -> None:
    with pytest.raises(NotDerivableError, match=r"^Odd\.part: "):
        derive(model_with(kind), {})


@pytest.mark.parametrize(
    "pattern",
    [
        "a",
        "^a",
        "a$",
        r"^\d$",
        r"^\w+$",
        "^.$",
        "^a|b$",
        "^(?i)a$",
        "^[^a]$",
        "^[a&&b]$",
        "^[a--b]$",
        "^a*+$",
        "^a$$",
        "^é$",
    ],
)
def test_a_pattern_that_may_mean_something_else_in_python_is_not_derived(pattern: str) -> None:
    model = model_with(Annotated[str, Field(pattern=pattern)])

    with pytest.raises(NotDerivableError, match=r"^Odd\.part: the pattern"):
        derive(model, {})


@pytest.mark.parametrize(
    ("kind", "default"),
    [
        (str | None, ...),
        (str | None, "x"),
        (list[str], []),
        (list[str], Field(default_factory=list)),
        (str, Field(alias="x")),
    ],
)
def test_a_default_or_name_that_msgspec_would_take_otherwise_is_not_derived(kind: Any, default: Any) -> None:
    with pytest.raises(NotDerivableError, match=r"^Odd\.part: "):
        derive(model_with(kind, default), {})


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
            derive(model, {})


@pytest.mark.parametrize(
    "config",
    [ConfigDict(extra="forbid"), ConfigDict(str_strip_whitespace=True), ConfigDict(str_max_length=5)],
)
def test_a_model_that_is_configured_otherwise_is_not_derived(config: ConfigDict) -> None:
    class Odd(Strict):
        model_config = config
        part: str

    with pytest.raises(NotDerivableError, match="Odd: is configured"):
        derive(Odd, {})


@pytest.mark.parametrize(
    ("kind", "special"),
    [
        (Annotated[str, BeforeValidator(twice)], Special(read_event_time, str)),
        (Annotated[int, BeforeValidator(twice), Field(ge=1)], Special(twice, int)),
        (str, Special("to_lower", str)),
        (Annotated[str, StringConstraints(to_lower=True, to_upper=True)], Special("to_lower", str)),
    ],
)
def test_a_special_rule_that_is_another_or_not_alone_is_not_derived(kind: Any, special: Special) -> None:
    with pytest.raises(NotDerivableError, match=r"^Odd\.part: "):
        derive(model_with(kind), {"part": special})
