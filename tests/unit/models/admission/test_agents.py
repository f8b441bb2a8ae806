"""What corrects the list of crawlers: each entry by its example, and phones that do not exist yet."""

import re
from itertools import cycle
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from models.admission.agents import MISSED, OF_PEOPLE, OF_SERVERS, Correction
from models.admission.invalid_traffic import is_bot

AGENTS: dict[str, list[str]] = yaml.safe_load((Path(__file__).parent / "agents.yaml").read_text("utf-8"))
_ENGINE = "AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/142.0.7444.100 Mobile Safari/537.36"
_IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148"
_DECLARED = (
    "(compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "(compatible; Bytespider; spider-feedback@bytedance.com)",
    "facebookexternalhit/1.1",
    "thirdLandingPageFeInfra",
    "Chrome-Lighthouse",
)


def _example(correction: Correction) -> str:
    return correction.example


@pytest.mark.parametrize("correction", (*OF_PEOPLE, *OF_SERVERS, *MISSED), ids=_example)
def test_a_correction_is_shown_by_its_example(correction: Correction) -> None:
    assert re.search(correction.pattern, correction.example)


@pytest.mark.parametrize("correction", (*OF_PEOPLE, *OF_SERVERS), ids=_example)
def test_people_and_servers_are_no_bots(correction: Correction) -> None:
    assert not is_bot(correction.example)


@pytest.mark.parametrize("correction", MISSED, ids=_example)
def test_what_the_list_misses_is_a_bot(correction: Correction) -> None:
    assert is_bot(correction.example)


@pytest.mark.parametrize("agent", AGENTS["people"])
def test_people_in_apps_are_no_bots(agent: str) -> None:
    assert not is_bot(agent)


@pytest.mark.parametrize("agent", AGENTS["bots"])
def test_link_previews_and_crawlers_are_bots(agent: str) -> None:
    assert is_bot(agent)


@pytest.mark.parametrize("agent", AGENTS["servers"])
def test_servers_of_producers_are_not_judged(agent: str) -> None:
    assert not is_bot(agent)


def _phone(version: int, device: str, app: str) -> str:
    return f"Mozilla/5.0 (Linux; Android {version}; {device}) {_ENGINE} {app}".strip()


@st.composite
def _phones(draw: st.DrawFn) -> str:
    model, build, brand, app = (
        draw(st.sampled_from(AGENTS[part])) for part in ("models", "builds", "brands", "apps")
    )
    form = draw(st.sampled_from(["{} Build/{}", "{}; Build/{}", "{} build/{}; wv", "{}; {}; wv"]))
    version = draw(st.integers(4, 25))
    return _phone(version, form.format(model, build), app.format(model=model, brand=brand))


@pytest.mark.parametrize("app", AGENTS["apps"])
def test_no_model_is_a_bot_in_any_app(app: str) -> None:
    agents = [
        _phone(version, f"{model} Build/{build}; wv", app.format(model=model, brand=brand))
        for brand in AGENTS["brands"]
        for version, model, build in zip(
            cycle(range(4, 25)), AGENTS["models"], cycle(AGENTS["builds"]), strict=False
        )
    ]

    assert [agent for agent in agents if is_bot(agent)] == []


@given(_phones())
@example(
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
)
@example("Dalvik/2.1.0 (Linux; U; Android 15; CUBOT KINGKONG 9 Build/AP3A.240617.008)")
@example("com.zhiliaoapp.musically/2024002030 (Linux; U; Android 15; fr; Spider 8; Build/AP3A.240617.008)")
def test_no_phone_is_a_bot_whatever_its_model_build_and_app(agent: str) -> None:
    assert not is_bot(agent)


@pytest.mark.parametrize("app", AGENTS["apps"])
def test_no_iphone_is_a_bot_whatever_its_app(app: str) -> None:
    assert not is_bot(f"{_IPHONE} {app.format(model='iPhone17,1', brand='Apple')}")


@given(_phones(), st.sampled_from(_DECLARED))
def test_a_bot_that_shows_a_phone_is_one(phone: str, declared: str) -> None:
    assert is_bot(f"{phone} {declared}")
