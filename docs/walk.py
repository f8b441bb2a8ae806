"""The walk of one click through the code, from accepted to counted, for the page on architecture.

Measured on a worker that is played in memory, on a second click: at the first, caches fill that later ones
find full. It runs in a process of its own with the compiler off: compiled code has no frames, and what numba
shows of it to a profiler depends on the version of Python.
"""

import ast
import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

from streams.kafka.fetched import Fetched
from tests.unit.models.building import raw
from tests.unit.streams.shard.stage import Stage, restored

ROOT = Path(__file__).resolve().parent.parent
_OURS = ("models", "streams", "connections")
_CLICKS = ("clicks", 0)


class Walk(NamedTuple):
    """Files in the order in which they are first entered, each with the functions that others call in it.

    A hop is a call from one of these files into another; returns are not counted.
    """

    entered: dict[str, list[str]]
    hops: int


def walk_of_a_click() -> Walk:
    """Let a worker accept and count a click, in another process."""
    uncompiled = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    command = [sys.executable, "-m", "docs.walk"]
    told = subprocess.run(command, env=uncompiled, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout
    return Walk(**json.loads(told))


async def _second_click() -> Walk:
    stage = await restored()
    first, second = (_click(stage, event_id) for event_id in ("first", "second"))
    _count(stage, first)
    return walk(lambda: _count(stage, second))


def _click(stage: Stage, event_id: str) -> Fetched:
    at = stage.broker.send(_CLICKS, raw("click", event_id=event_id))
    return Fetched(at, at + 1, stage.broker.fetched(_CLICKS, at, at + 1))


def _count(stage: Stage, click: Fetched) -> None:
    stage.manager.accept(_CLICKS, click)
    stage.apply()


def walk(run: Callable[[], object]) -> Walk:
    """Run something, and note which of our files it goes through. A loop that is compiled is one step."""
    entered: dict[str, list[str]] = {}
    hops = 0
    loop: FrameType | None = None

    def note(frame: FrameType, event: str, _: Any) -> None:
        nonlocal hops, loop
        if event == "return" and frame is loop:
            loop = None
        elif event == "call" and loop is None and (file := _file_of(frame)):
            loop = frame if _is_compiled(frame) else None
            called, caller = entered.setdefault(file, []), _file_of_first(frame.f_back)
            if caller != file:
                hops += caller is not None
                called.append(frame.f_code.co_qualname)

    sys.setprofile(note)
    try:
        run()
    finally:
        sys.setprofile(None)
    return Walk(entered, hops)


def walk_table(found: Walk) -> list[tuple[str, ...]]:
    """List the files of a walk: what is called in each, and what it says of itself."""
    rows = [(f"`{file}`", _listed(called), _first_sentence(file)) for file, called in found.entered.items()]
    numbered = ((str(number), *row) for number, row in enumerate(rows, start=1))
    return [("", "file", "what is called in it", "what it is"), *numbered]


def _listed(called: list[str]) -> str:
    """List each function once, by its name in the file; what Python calls by itself is left out."""
    names = dict.fromkeys(name for name in called if "<" not in name and not name.endswith("__"))
    return ", ".join(f"`{name}`" for name in names)


def _first_sentence(file: str) -> str:
    said = ast.get_docstring(ast.parse((ROOT / file).read_text("utf-8"))) or ""
    return " ".join(said.split("\n\n")[0].split())


def _file_of(frame: FrameType) -> str | None:
    """Name the file that a frame runs, where it is one of ours."""
    path = Path(frame.f_code.co_filename)
    if not path.is_relative_to(ROOT):
        return None
    file = path.relative_to(ROOT)
    return file.as_posix() if file.parts[0] in _OURS else None


def _is_compiled(frame: FrameType) -> bool:
    """Return whether a frame runs a loop that is compiled otherwise: numpy's errstate is around it."""
    around = frame.f_back and frame.f_back.f_globals.get("__name__", "")
    return bool(around) and str(around).startswith("numpy.")


def _file_of_first(frame: FrameType | None) -> str | None:
    """Name the first of our files that a frame or what led to it runs."""
    while frame is not None and not _file_of(frame):
        frame = frame.f_back
    return frame and _file_of(frame)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(_second_click())._asdict()))
