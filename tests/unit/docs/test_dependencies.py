"""Each package that the service needs to run has its reason in the changelog."""

import re
import tomllib

from tests.unit.docs.written import ROOT


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    needed = (*project["dependencies"], *project["optional-dependencies"]["embedded"])
    told = (ROOT / "CHANGELOG.md").read_text("utf-8").partition("### Dependencies, and why\n")[2]

    assert {re.split(r"[\[<>=]", one)[0] for one in needed} - set(re.findall(r"`([\w.-]+)`", told)) == set()
