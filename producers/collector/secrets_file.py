"""Where the collector's secrets stand: a TOML file, or its text in the environment; never the campaign file.

    person_salt = "…"
    allowed_origins = ["https://shop.example"]
    unsigned_postbacks = false           # take postbacks with a valid click id from anybody

    [click_keys]
    current = "…"
    former = "…"                         # while it is replaced: clicks that are out stay valid

    [api_keys.crm]
    secrets = ["…", "…"]                 # one, or two while they are replaced
    campaigns = ["summer-glow"]          # optional: only these
    events_per_second = 500              # optional

    [postbacks.network]
    secrets = ["…"]
    proof = "token"                      # optional: `token` where the sender cannot sign

    [hooks.boutique]
    kind = "shopify"
    secrets = ["…"]
    campaigns = ["summer-glow"]          # those whose orders it may bring; its refunds go to each
    campaign = "summer-glow"             # optional: where orders count that nothing attributes
    influencer = "ana"                   # optional: and whose they are

No message of ours holds a secret, whatever is wrong with it.
"""

import os
import stat
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from pydantic import ValidationError

from producers.collector.secrets import Secrets

_RANDOM_BYTES = 32
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class SecretsError(Exception):
    """Secrets that cannot be read; the message says where and why, a line for each mistake."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """Secrets, and warnings for whoever keeps them."""

    secrets: Secrets
    warnings: tuple[str, ...]


def load_secrets(path: Path) -> Loaded:
    """Read a file of secrets.

    Raises:
        SecretsError: it cannot be read, or holds a mistake.

    """
    try:
        mode, text = path.stat().st_mode, path.read_text("utf-8")
    except OSError as error:
        raise SecretsError(f"{path}: cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise SecretsError(f"{path}: is not UTF-8.") from None
    secrets = read_secrets(text, str(path))
    open_to = [f"can be read by others than its owner: chmod 600 {path}"] if mode & _OTHERS else []
    return Loaded(secrets, tuple(f"{path}: {doubt}" for doubt in (*open_to, *secrets.doubts())))


def read_secrets(text: str, where: str) -> Secrets:
    """Read secrets from TOML; `where` it stands is named by messages.

    Raises:
        SecretsError: it is no TOML, or holds a mistake.

    """
    try:
        return Secrets.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise SecretsError(f"{where}: is not TOML: {error}.") from None
    except ValidationError as error:
        raise SecretsError("\n".join(_mistakes(error, where))) from None


def _mistakes(error: ValidationError, where: str) -> list[str]:
    """Write a line for each mistake: where, and the rule; never what stands there."""
    problems = error.errors(include_url=False, include_input=False, include_context=False)
    return [
        f"{where}: {_place(problem['loc'])}{_rule(problem['type'], problem['msg'])}" for problem in problems
    ]


def _place(path: tuple[int | str, ...]) -> str:
    named = ".".join(str(part) for part in path if part != "[key]")
    return f"{named}: " if named else ""


def _rule(kind: str, message: str) -> str:
    if kind == "extra_forbidden":
        return "there is no such key"
    if kind == "missing":
        return "is missing"
    return message.removeprefix("Value error, ")


def new_secrets(random: Callable[[int], str]) -> str:
    """Write the first file of secrets; `random` makes a text of so many random bytes."""
    return (
        "# Secrets of the collector. Whoever reads them can forge clicks and orders, and tell people apart.\n"
        "# docs/attribution.md says what belongs here and how to replace a secret.\n"
        f'person_salt = "{random(_RANDOM_BYTES)}"\n\n'
        f'[click_keys]\ncurrent = "{random(_RANDOM_BYTES)}"\n\n'
        f'[api_keys.local]\nsecrets = ["{random(_RANDOM_BYTES)}"]\n\n'
        f'[postbacks.local]\nsecrets = ["{random(_RANDOM_BYTES)}"]\n'
    )


def make_secrets_file(path: Path, random: Callable[[int], str]) -> bool:
    """Write the first file of secrets, for its owner alone; return whether there was none.

    It is whole or not there: half of one, after a full disk or a power cut, would be taken for a mistake.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        return False
    with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.") as new:
        new.write(new_secrets(random))
        new.flush()
        os.fsync(new.fileno())
        try:
            path.hardlink_to(new.name)
        except FileExistsError:
            return False
    return True
