"""Commands of ours as processes of their own, on a test's servers, topics and campaigns."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from models.settings import Settings
from tests.interrupts import interruptible

ROOT = Path(__file__).parents[2]
_PATIENCE_SECONDS = 150


def deployment(settings: Settings) -> dict[str, str]:
    """Say in variables where a test's servers, topics and campaigns are."""
    return {
        "KPIS_KAFKA": settings.kafka,
        "KPIS_REDIS_URL": settings.redis_url,
        "KPIS_REDIS_PREFIX": settings.redis_prefix,
        "KPIS_TOPIC_PREFIX": settings.topic_prefix,
        "KPIS_GROUP": settings.group,
        "KPIS_PARTITIONS": str(settings.partitions),
    }


def start_command(
    settings: Settings, directory: Path, *arguments: str, **options: Any
) -> "subprocess.Popen[str]":
    """Start `kpis` in a directory; the options are those of Popen."""
    with interruptible():
        return subprocess.Popen(
            [sys.executable, "-m", "commands", *arguments],
            cwd=directory,
            env={**os.environ, **deployment(settings), "PYTHONPATH": str(ROOT)},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            **options,
        )


def finish(process: "subprocess.Popen[str]", stdin: str | None = None) -> tuple[int, str, str]:
    """Wait until a command ends, which shows no trace; return exit code, output and errors."""
    out, said = process.communicate(stdin, timeout=_PATIENCE_SECONDS)
    assert "Traceback" not in said, said
    return process.returncode, out, said
