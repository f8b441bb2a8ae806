"""What the stack's files and the page of operations name is there: settings, commands, series, versions."""

import re
import tomllib
from pathlib import Path

import pytest
from click import Context

from commands.main import main
from embedded.jars import KAFKA_VERSION
from models.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
COMPOSE = ROOT / "docker-compose.yml"
PAGE = ROOT / "docs" / "operations.md"
DEPLOY = sorted(path for path in (ROOT / "deploy").rglob("*") if path.is_file())
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
SETTINGS = {f"KPIS_{name.upper()}" for name in Settings.model_fields}


def text(path: Path) -> str:
    return path.read_text("utf-8")


@pytest.mark.parametrize("path", [COMPOSE, ROOT / ".env.example", PAGE, *DEPLOY], ids=lambda path: path.name)
def test_every_setting_that_is_named_exists(path: Path) -> None:
    named = set(re.findall(r"\bKPIS_[A-Z_]*[A-Z]\b", text(path)))

    assert named - SETTINGS == set()


def test_every_command_that_the_page_names_exists() -> None:
    named = set(re.findall(r"(?:^    |`|\| )kpis ([a-z][a-z-]*)", text(PAGE), re.MULTILINE))

    assert len(named) > 3
    assert named - set(main.list_commands(Context(main))) == set()


def test_every_series_that_the_page_names_exists() -> None:
    known = set(re.findall(r"kpi_\w+", text(ROOT / "docs" / "metrics.md")))
    named = set(re.findall(r"kpi_\w+", text(PAGE)))

    assert named
    assert {name for name in named if name.removesuffix("_bucket") not in known} == set()


def test_the_stacks_kafka_is_the_one_that_the_tests_run_on() -> None:
    assert re.findall(r"image: apache/kafka:(\S+)", text(COMPOSE)) == [KAFKA_VERSION]


@pytest.mark.parametrize("path", [COMPOSE, *DEPLOY], ids=lambda path: path.name)
def test_our_images_have_the_projects_version(path: Path) -> None:
    versions = set(re.findall(r"image: \S*campaign-kpis:(\S+)", text(path)))

    assert versions <= {PROJECT["project"]["version"]}


def test_the_image_is_built_from_every_package_of_the_distribution() -> None:
    lines = set(text(ROOT / ".dockerignore").splitlines())

    packages = {
        name.removesuffix("*") for name in PROJECT["tool"]["setuptools"]["packages"]["find"]["include"]
    }

    assert {f"!{package}/**" for package in packages} <= lines
    assert {"*", "!requirements.lock", "!requirements-dev.lock", "!pyproject.toml"} <= lines


def test_the_page_links_to_what_is_there() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", text(PAGE))

    assert links
    assert [link for link in links if not (PAGE.parent / link).exists()] == []
