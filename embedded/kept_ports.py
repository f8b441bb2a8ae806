"""The ports of a data directory's servers: chosen once and kept, so that whoever uses one finds it again."""

import tomllib
from pathlib import Path

from embedded import ServerFailed
from embedded.ports import Reservation, held_by, is_free, lasting_ports
from embedded.server import Progress

FILE = "ports.toml"
_HEAD = (
    "# The ports of this data directory's servers: `kpis up` chose them at its first start, and keeps them."
)


class KeptPorts:
    """The ports that a data directory keeps; none is given to two `kpis up` that start at the same time."""

    def __init__(self, folder: Path, reservation: Reservation, progress: Progress) -> None:
        self._file = folder / FILE
        self._reservation = reservation
        self._progress = progress
        self._kept = self._read()

    def choose(self, key: str, server: str, default: int, option: str, given: int | None) -> int:
        """Return the given port, else the kept one, else the default or another free one; and keep it.

        Raises:
            ServerFailed: the given or the kept one is taken; the message says by whom, as far as is known.

        """
        wanted = given or self._kept.get(key)
        port = self._free(server, default) if wanted is None else wanted
        if wanted is not None and not (is_free(port) and self._reservation.take(port)):
            kept = "" if given else f", which {self._file} keeps for it,"
            raise ServerFailed(
                f"{server} cannot start: port {port}{kept} is in use{held_by(port)}. Stop what listens "
                f"there, or choose another with {option}; whoever uses it must then be told."
            )
        if self._kept.get(key) != port:
            self._kept[key] = port
            self._write()
        return port

    def _free(self, server: str, default: int) -> int:
        ports = lasting_ports(default)
        port = next((one for one in ports if is_free(one) and self._reservation.take(one)), 0)
        if not port:
            raise ServerFailed(f"{server} cannot start: no port is free here.")
        if port != default:
            self._progress(
                f"{server}: port {default} is in use{held_by(default)}; it takes {port} instead, and keeps "
                f"it ({self._file})."
            )
        return port

    def _read(self) -> dict[str, int]:
        try:
            found = tomllib.loads(self._file.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise ServerFailed(f"{self._file} cannot be read ({error}): mend or delete it.") from None
        return {name: port for name, port in found.items() if isinstance(port, int) and 0 < port < 65536}

    def _write(self) -> None:
        text = "\n".join([_HEAD, *(f"{name} = {port}" for name, port in self._kept.items())])
        try:
            written = self._file.with_suffix(".new")
            written.write_text(f"{text}\n", "utf-8")
            written.replace(self._file)
        except OSError as error:
            raise ServerFailed(f"{self._file} cannot be written ({error.strerror}).") from None
