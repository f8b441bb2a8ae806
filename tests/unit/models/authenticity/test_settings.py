"""What a campaign may set, as it is written in a campaign file: strictly, and what is wrong is named."""

import subprocess
import sys

import pytest
from pydantic import BaseModel, ValidationError

from models.authenticity.catalogue import RULES
from models.authenticity.settings import Authenticity
from models.campaigns.checked_yaml import Models, lines_of, mistakes_of, read_text
from models.kinds import REASONS, names

DEFAULT = Authenticity()


class File(BaseModel):
    authenticity: Authenticity


def read(text: str) -> Authenticity:
    return File.model_validate(read_text(text).data).authenticity


def problems(text: str) -> list[str]:
    document = read_text(text)
    with pytest.raises(ValidationError) as caught:
        File.model_validate(document.data)
    models: Models = {("authenticity",): Authenticity, ("authenticity", "*"): type(DEFAULT.burst)}
    return lines_of("c.yaml", mistakes_of(caught.value, document, models))


def test_a_rule_is_switched_off_by_its_name() -> None:
    found = read("authenticity: {burst: off, copied_text: {persons: 4}, pod: on, live: [Twitch, live]}")

    assert (found.burst.use, found.copied_text.use, found.pod.use) == ("off", "on", "on")
    assert (found.copied_text.persons, found.copied_text.words) == (4, 4)
    assert found.is_live("twitch", "none")
    assert found.is_live("tiktok", "live")
    assert not found.is_live("tiktok", "video")


@pytest.mark.parametrize("written", ["false", '"off"', "{use: off}"])
def test_off_may_be_written_in_several_ways(written: str) -> None:
    assert read(f"authenticity: {{burst: {written}}}").burst.use == "off"


def test_phrases_of_ones_own_are_excepted() -> None:
    found = read("authenticity: {copied_text: {except: [Je joue avec Glow]}, live: twitch}")

    assert found.copied_text.excepted == ("Je joue avec Glow",)
    assert found.live == ("twitch",)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{brust: off}", "authenticity.brust: no such field; did you mean burst?"),
        ("{burst: of}", "authenticity.burst.use: must be one of on, report, off; did you mean off?"),
        ("{burst: {in_10_seconds: 16}}", "authenticity.burst.in_10_seconds: must be at most 15"),
        ("{burst: {in_1_hour: 0}}", "authenticity.burst.in_1_hour: must be at least 1"),
        ("{burst: {in_1_hour: 8.5}}", "authenticity.burst.in_1_hour: must be a whole number"),
        ('{burst: {in_1_hour: "8"}}', "authenticity.burst.in_1_hour: must be a whole number, without quotes"),
        ("{burst: 8}", "authenticity.burst: must be a mapping"),
        ("{clockwork: {variation: 1.5}}", "authenticity.clockwork.variation: must be at most 1"),
        ("{clockwork: {variation: 0}}", "authenticity.clockwork.variation: must be greater than 0"),
        ("{copied_text: {persons: 1}}", "authenticity.copied_text.persons: must be at least 2"),
        ("{copied_text: {persons: 9}}", "authenticity.copied_text.persons: must be at most 8"),
        ("{lockstep: {contents: 9}}", "authenticity.lockstep.contents: must be at most 8"),
        ("{generic: on}", "authenticity.generic.use: must be one of report, off"),
        ("{live: [a b]}", "authenticity.live[0]: must be 1 to 64 of A–Z a–z 0–9 . _ : -"),
        ("[]", "authenticity: must be a mapping"),
    ],
)
def test_what_is_wrong_is_told_by_its_field(written: str, said: str) -> None:
    (found,) = problems(f"authenticity: {written}")

    assert found.endswith(f": {said}")
    assert found.startswith("c.yaml:1:")


def test_each_rule_has_its_settings_under_its_reason() -> None:
    assert set(names(REASONS)) | {"ratio", "live"} == set(Authenticity.model_fields)
    assert all(DEFAULT.of(rule.reason).use in ("on", "report", "off") for rule in RULES)


def test_rules_are_asked_in_the_order_of_their_reasons() -> None:
    assert tuple(rule.reason for rule in RULES) == names(REASONS)


def test_what_may_be_no_reason_can_only_be_reported() -> None:
    with pytest.raises(ValidationError):
        Authenticity.model_validate({"generic": "on"})
    assert [reason.name for reason in REASONS if not reason.suspicious] == ["generic"]


def test_by_default_fans_and_short_praise_are_reported_alone_and_nobody_is_looked_up() -> None:
    assert {
        reason: DEFAULT.of(reason).use for reason in names(REASONS) if DEFAULT.of(reason).use != "on"
    } == {
        "no_exposure": "off",
        "pod": "report",
        "generic": "report",
    }


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        DEFAULT.burst = DEFAULT.burst  # type: ignore[misc]  # they are frozen


def test_who_reads_settings_loads_no_compiler() -> None:
    """A command that reads campaign files would wait half a second for it."""
    asked = "import sys, models.authenticity.settings as s; sys.exit('numba' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0
