"""Ask a worker over HTTP."""

import urllib.request
from http.client import HTTPException
from urllib.error import HTTPError

from commands.failure import Failure


class NoWorker(Failure):
    """No worker answers at an address; `brief` is the message without the remedy."""

    def __init__(self, brief: str, remedy: str = "") -> None:
        super().__init__(f"{brief}.{remedy}")
        self.brief = brief


def fetch(address: str, path: str, seconds: float = 10) -> bytes:
    """Read a page of the worker at HOST:PORT.

    Raises:
        HTTPError: the worker answers with another status than 200.
        NoWorker: no worker answers there.

    """
    try:
        # Workers are on our own network: a proxy to the outside would not find them.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://{address}{path}", timeout=seconds) as answer:
            content: bytes = answer.read()
            return content
    except HTTPError:
        raise
    except (ValueError, HTTPException) as error:
        raise not_a_worker(address, error) from None
    except OSError as error:
        reason = getattr(error, "reason", error)
        raise NoWorker(
            f"No worker answers at {address} ({getattr(reason, 'strerror', None) or reason})",
            " Start one (`kpis up` or `kpis worker`) or set KPIS_METRICS_ADDRESS.",
        ) from None


def not_a_worker(address: str, error: Exception) -> NoWorker:
    """Say that something else answers at an address."""
    return NoWorker(f"What answers at {address} is not a worker ({type(error).__name__})")
