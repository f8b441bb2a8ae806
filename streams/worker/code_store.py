"""Compiled code on disk: a folder for each state of the sources, named by a digest, and few of them."""

import os
import re
import secrets
import shutil
from contextlib import suppress
from hashlib import blake2b, sha256
from pathlib import Path

import models
from models.core.code_cache import conditions

ROOMS = ("core", "authenticity", "events", "admission", "reach", "state")
"""Where compiled functions are; what lies beside the rooms is imported by all."""
_DIGEST = 16
_FOLDER = re.compile(rf"[0-9a-f]{{{_DIGEST}}}")
_SEAL = 16
"""The bytes before the code by which damage is known: code with one wrong bit is run like any other."""
_KEPT_FOLDERS = 8
"""Of other releases, Pythons and checkouts; what was used last is kept. A folder has some megabytes."""


class CodeStore:
    """The code of these sources, in a folder below `root`, one file for each function and signature.

    `loaded` counts what was taken from there, `compiled` what was not there. Where nothing can be written,
    `problem` says why, and everything is compiled again at the next start. Who can
    write there can have any code run: it is for the worker's user alone, or for root.
    """

    def __init__(self, root: Path) -> None:
        self.loaded = 0
        self.compiled = 0
        self.problem = ""
        try:
            root = root.expanduser().absolute()
        except RuntimeError:
            self._fail(root, "there is no home directory")
        self.folder = root / digest_of(Path(models.__file__).parent)

    def load(self, name: str) -> bytes | None:
        """Return what is kept under a name; None where nothing can be read, or it is damaged."""
        try:
            kept = (self.folder / name).read_bytes()
        except OSError:
            return None
        seal, code = kept[:_SEAL], kept[_SEAL:]
        if seal != _seal_of(name, code):
            return None
        self.loaded += 1
        return code

    def save(self, name: str, code: bytes) -> None:
        """Keep code under a name: whole, or not at all."""
        self.compiled += 1
        if self.problem:
            return
        part = self.folder / f"{name}.{secrets.token_hex(4)}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            part.write_bytes(_seal_of(name, code) + code)
            part.replace(self.folder / name)
        except OSError as error:
            self._fail(self.folder, error.strerror or str(error))
            with suppress(OSError):
                part.unlink()

    def tidy(self) -> None:
        """Mark the folder as used, and remove those like it that were not used for longest."""
        try:
            os.utime(self.folder)
            # Others may keep something there, too.
            folders = [one for one in self.folder.parent.iterdir() if _FOLDER.fullmatch(one.name)]
            folders.sort(key=lambda one: one.stat().st_mtime, reverse=True)
        except OSError:
            return  # It is not there, or not ours: then others see to it.
        for former in folders[_KEPT_FOLDERS:]:
            shutil.rmtree(former, ignore_errors=True)

    def _fail(self, place: Path, why: str) -> None:
        self.problem = f"Compiled code cannot be kept in {place} ({why}): KPIS_CACHE_DIR names another place."


def _seal_of(name: str, code: bytes) -> bytes:
    return blake2b(name.encode() + code, digest_size=_SEAL).digest()


def digest_of(sources: Path) -> str:
    """Name all that the compiled code of these sources depends on."""
    digest = sha256(conditions().encode())
    for room in ("", *ROOMS):
        for path in sorted((sources / room).glob("*.py")):
            digest.update(f"{room}/{path.name}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:_DIGEST]
