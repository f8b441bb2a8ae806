"""How many people are taken for bots, and how many bots for people, in a public collection of agents.

The collection is device-detector's own test data: 37 000 agents with their devices, 1 300 of bots.
"""

import re
from functools import cache
from importlib.metadata import files
from pathlib import Path

import pytest
from crawleruseragents import CRAWLER_USER_AGENTS_DATA

from models.admission.invalid_traffic import is_bot

# No browsers of people, whatever the collection calls them.
NOT_PEOPLE = {
    "Mozilla/5.0 (compatible; WAChat/1.2; http://www.whatsapp.com/contact)": "a link preview of WhatsApp",
    "Wget/1.11.4 Red Hat modified": "a program that fetches without anybody who looks",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/98.0.4758.102 "
    "Safari/537.36 PTST/220216.200657": "WebPageTest, which measures pages",
    "BTWebClient/1870(43938)": "a file-sharing client",
    "Juice/2.2 (Darwin) +http://juicereceiver.sf.net/": "a program that fetches podcasts",
    "Bullhorn/1.0 (+http://bullhorn.fm/)": "a server that fetches podcasts",
    "Podcast Overhaul/4.1.1 iOS/16.1.1 +https://www.podcastoverhaul.com/": "a program that fetches podcasts",
    "Turtlecast/0.7.7; (Android 13); +https://www.turtlecast.app": "a program that fetches podcasts",
    "CoolerFM/1.0 iPhone/15 +https://cooler.fm": "a program that fetches podcasts",
    "gPodder/3.5.2 (+http://gpodder.org/)": "a program that fetches podcasts",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 "
    "Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0 BytedanceWebview/d8a21c6 "
    "FalconTag/023C02A8-2531-4EF6-BF47-BE876AB202F5 TTP_H5_URLPROTOCOL": "a link preview on an iPhone",
}
_SCALAR = re.compile(r"(?m)^[ -] +user_agent: *(?P<quote>['\"]?)(?P<agent>.+?)(?P=quote) *$")
_BOTS = "bots.yml"


@cache
def _agents() -> dict[str, frozenset[str]]:
    """Return the agents of each file of the collection."""
    found = {}
    for file in files("device-detector") or ():
        if "fixtures" in file.parts and file.suffix == ".yml":
            text = Path(str(file.locate())).read_text("utf-8")
            found[file.name] = frozenset(
                match["agent"].replace("''", "'") for match in _SCALAR.finditer(text)
            )
    return found


def _people() -> frozenset[str]:
    bots = _agents()[_BOTS]
    return frozenset().union(*(agents for name, agents in _agents().items() if name != _BOTS)) - bots


def test_of_37_000_people_none_is_taken_for_a_bot() -> None:
    people = _people() - NOT_PEOPLE.keys()

    taken = sorted(filter(is_bot, people))

    assert (len(taken), len(people)) == (0, 37_011), taken[:10]


@pytest.mark.parametrize("agent", NOT_PEOPLE)
def test_what_is_no_browser_of_a_person_stays_a_bot(agent: str) -> None:
    assert is_bot(agent)
    assert agent in _people()


def test_of_1_300_bots_a_quarter_passes_all_told_by_nothing_but_their_names() -> None:
    bots = _agents()[_BOTS]

    passed = sorted(agent for agent in bots if not is_bot(agent))

    assert (len(passed), len(bots)) == (344, 1_347)
    assert passed == (Path(__file__).parent / "bots_that_pass.txt").read_text("utf-8").splitlines()


def test_what_the_list_calls_a_bot_stays_one_but_for_servers_and_browsers() -> None:
    agents = {agent for entry in CRAWLER_USER_AGENTS_DATA for agent in entry["instances"]}

    freed = sorted(agent for agent in agents if not is_bot(agent))

    assert freed == (Path(__file__).parent / "freed_from_the_list.txt").read_text("utf-8").splitlines()
