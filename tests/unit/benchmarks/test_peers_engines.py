"""The engines that the peers' benchmark knows."""

import re

import pytest

from benchmarks.peers.engines import IN_JAVA, IN_PYTHON, Engine
from benchmarks.peers.environments import APPS

EVERY = [*IN_PYTHON, *IN_JAVA]


@pytest.mark.parametrize("engine", EVERY, ids=lambda engine: engine.key)
def test_an_engines_version_is_the_one_that_is_pinned(engine: Engine) -> None:
    assert re.fullmatch(r"[0-9]+(\.[0-9]+)+", engine.version())


@pytest.mark.parametrize("engine", EVERY, ids=lambda engine: engine.key)
def test_an_engine_has_its_app(engine: Engine) -> None:
    name = engine.main.replace(".", "/")
    app = APPS / "jvm" / f"{name}.java" if engine.main else APPS / f"{engine.key}.py"

    assert app.exists()


def test_keys_are_told_apart() -> None:
    assert len({engine.key for engine in EVERY}) == len(EVERY)
    assert len({engine.name for engine in EVERY}) == len(EVERY)


@pytest.mark.parametrize("pinned", sorted(APPS.glob("*.txt")), ids=lambda path: path.stem)
def test_every_package_of_an_environment_is_pinned(pinned: object) -> None:
    lines = (APPS / str(pinned)).read_text().splitlines()

    assert [line for line in lines if not re.match(r"[a-z0-9.-]+==\S+( ;|$)", line)] == []
