"""What each engine runs in: an environment of its own with pinned versions, made once and kept."""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

APPS = Path(__file__).parent / "apps"
ROOT = Path(__file__).resolve().parents[2]
USUAL = Path.home() / ".cache" / "campaign-kpis" / "peers"
POM = APPS / "jvm" / "pom.xml"
_SOURCES = "peers/*.java"

Say = Callable[[str], None]


class NoEnvironment(Exception):
    """An engine's packages could not be had; the message says why."""


def python_environment(pinned: Path, cache: Path, say: Say) -> Path:
    """Return the interpreter of an environment that holds what a file of requirements names.

    Raises:
        NoEnvironment: the packages could not be installed.

    """
    app = pinned.stem
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    folder = cache / f"{app}-{version}-{_digest(pinned)}"
    python = folder / "bin" / "python"
    if not (folder / "made").exists():
        say(f"making an environment for {app} in {folder} …")
        shutil.rmtree(folder, ignore_errors=True)
        uv = [sys.executable, "-m", "uv", "--quiet"]
        _run([*uv, "venv", "--python", sys.executable, str(folder)])
        _run([*uv, "pip", "install", "--python", str(python), "-r", str(pinned)])
        (folder / "made").touch()
    return python


def jvm_classpath(cache: Path, say: Say) -> str:
    """Return the class path of the engines in Java, compiled, with the jars that their pom.xml names.

    Raises:
        NoEnvironment: there is no Maven or no Java compiler, or they failed.

    """
    sources = sorted(POM.parent.glob(_SOURCES))
    folder = cache / f"jvm-{_digest(POM, *sources)}"
    if not (folder / "made").exists():
        say(f"fetching the jars of Kafka Streams and Flink to {folder} …")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        copying = ["dependency:copy-dependencies", f"-DoutputDirectory={folder / 'jars'}"]
        _run(["mvn", "--batch-mode", "--quiet", "--file", str(POM), *copying])
        classes = ["-d", str(folder / "classes"), "-cp", f"{folder / 'jars'}/*"]
        _run(["javac", "--release", "17", *classes, *map(str, sources)])
        (folder / "made").touch()
    return f"{folder / 'classes'}:{folder / 'jars'}/*"


def _digest(*files: Path) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def _run(command: list[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except FileNotFoundError:
        raise NoEnvironment(f"{command[0]} is not installed") from None
    if done.returncode:
        raise NoEnvironment("\n".join((done.stdout + done.stderr).strip().splitlines()[-5:]))
