"""Read the settings: the environment overrides kpis.toml."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path

import click
from pydantic import ValidationError

from commands.failure import WrongUse
from commands.printable import say
from models.settings import Settings

_PREFIX = "KPIS_"
_OTHER_VARIABLES = {"KPIS_CONFIG"}


def load_settings(environment: Mapping[str, str], config: Path | None) -> Settings:
    """Build the settings from a file (the given one, else ./kpis.toml if it exists) and the environment.

    Raises:
        WrongUse: a value, a name or the file is wrong; the message says which and where.

    """
    path = config or _default_file()
    from_file = _read_toml(path) if path else {}
    from_environment = _read_environment(environment)
    try:
        return Settings.model_validate({**from_file, **from_environment})
    except ValidationError as error:
        raise WrongUse(_explain(error, from_environment, path)) from None


def current_settings() -> Settings:
    """Return the running command's settings; the environment and --config are read on first use."""
    context = click.get_current_context().find_root()
    if not isinstance(context.obj, Settings):
        context.obj = load_settings(os.environ, context.params.get("config"))
    return context.obj


def _read_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Pick our variables; warn of one that is no setting and ignore it: other programs may use it."""
    values = {}
    for variable, value in environment.items():
        name = variable.removeprefix(_PREFIX).lower()
        if not variable.startswith(_PREFIX) or variable in _OTHER_VARIABLES:
            continue
        if name in Settings.model_fields:
            values[name] = value
        else:
            say(f"warning: {variable} is no setting (`kpis check --settings` lists them)", err=True)
    return values


def _default_file() -> Path | None:
    path = Path("kpis.toml")
    return path if path.is_file() else None


def _read_toml(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise WrongUse(f"{path}: cannot be read ({error.strerror}).") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongUse(f"{path}: is not TOML: {error}.") from None


def _explain(error: ValidationError, from_environment: Mapping[str, str], path: Path | None) -> str:
    lines = []
    for problem in error.errors():
        name = ".".join(str(part) for part in problem["loc"])
        where = f"{_PREFIX}{name.upper()}" if name in from_environment else f"{path or 'settings'}: {name}"
        rule = problem["msg"].removeprefix("Value error, ")
        if problem["type"] == "extra_forbidden":
            rule = "no such setting; `kpis check --settings` lists them"
        lines.append(f"{where}: {rule}" if name else f"settings: {rule}")
    return "\n".join(lines)
