"""A heavier model in the place of ours, as an installed package brings it."""

import subprocess
import sys
from importlib.metadata import DistributionFinder, EntryPoint, MetadataPathFinder
from pathlib import Path

import pytest

from models.sentiment.plugins import GROUP, PluginError, rater_of
from models.sentiment.rating import Rater
from tests.unit.models.sentiment.building import usual_rater
from tests.unit.models.sentiment.toy import Optimist

TOY = "tests.unit.models.sentiment.toy"


def point(value: str, name: str = "toy") -> EntryPoint:
    return EntryPoint(name, value, GROUP)


def usual() -> Rater:
    return usual_rater()


def test_without_a_plugin_ours_rates() -> None:
    assert rater_of([], usual) is usual_rater()


def test_an_installed_package_brings_its_model(tmp_path: Path) -> None:
    package = tmp_path / "toy_model-1.0.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: toy-model\nVersion: 1.0\n")
    (package / "entry_points.txt").write_text(f"[{GROUP}]\ntoy = {TOY}:make\n")
    [found] = MetadataPathFinder.find_distributions(DistributionFinder.Context(path=[str(tmp_path)]))

    rater = rater_of(found.entry_points.select(group=GROUP), usual)

    assert isinstance(rater, Optimist)
    assert rater.rate("how awful").verdict == "positive"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("no_such_package:make", "cannot be loaded: ModuleNotFoundError"),
        (f"{TOY}:no_such_function", "cannot be loaded: AttributeError"),
        (f"{TOY}:fail", "cannot be loaded: OSError: no weights"),
        (f"{TOY}:make_nothing", "is no rater: it needs a version"),
        (f"{TOY}:leave", "cannot be loaded: SystemExit: 7"),
        (f"{TOY}:Unnamed", "cannot be loaded: ZeroDivisionError"),
        (TOY, "cannot be loaded: TypeError"),
    ],
)
def test_a_plugin_that_cannot_rate_is_named(value: str, message: str) -> None:
    with pytest.raises(PluginError) as raised:
        rater_of([point(value)], usual)

    assert f"toy ({value}) {message}" in str(raised.value)


@pytest.mark.parametrize("version", ["", " ", "a\nb", "x" * 129, "\ud800", "é", 7, None])
def test_a_version_is_a_short_line(version: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Optimist, "version", version)

    with pytest.raises(PluginError, match="it needs a version"):
        rater_of([point(f"{TOY}:make")], usual)


def test_of_two_plugins_none_is_chosen() -> None:
    with pytest.raises(PluginError, match=r"a .*, b .*"):
        rater_of([point(f"{TOY}:make", "b"), point(f"{TOY}:make", "a")], usual)


def test_importing_loads_no_model() -> None:
    source = (
        "import sys; import models.sentiment.plugins, models.sentiment.model; "
        "print(*[name for name in sys.modules if name.startswith('tests')])"
    )

    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)

    assert done.stdout == "\n"
