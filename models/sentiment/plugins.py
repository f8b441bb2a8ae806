"""A heavier model in the place of ours, from an installed package that names it as an entry point.

    [project.entry-points."campaign_kpis.sentiment"]
    our-model = "our_package.model:make"        # make() returns a Rater

Nothing is looked up or loaded until a worker asks: importing this room imports no package of others.
"""

import re
from collections.abc import Callable, Iterable
from importlib.metadata import EntryPoint
from typing import cast

from models.sentiment.rating import Rater

GROUP = "campaign_kpis.sentiment"
_VERSION = re.compile("[!-~]([ -~]{0,126}[!-~])?")
"""It is a label of a metric, and kept with what was rated."""
_LONGEST_REASON = 500


class PluginError(Exception):
    """A package brings what cannot rate texts, or several bring something; the message names them."""


def rater_of(found: Iterable[EntryPoint], usual: Callable[[], Rater]) -> Rater:
    """Make the rater of the entry point found (`entry_points(group=GROUP)`), or the usual one for none.

    Raises:
        PluginError: there are several, or it cannot be loaded or made, or it is no rater.

    """
    plugins = list(found)
    if not plugins:
        return usual()
    if len(plugins) > 1:
        names = ", ".join(sorted(f"{one.name} ({one.value})" for one in plugins))
        raise PluginError(
            f"Several packages bring a model of sentiment; keep one of them installed: {names}."
        )
    return _made(plugins[0])


def _made(plugin: EntryPoint) -> Rater:
    about = f"The model of sentiment {plugin.name} ({plugin.value})"
    try:
        rater = plugin.load()()
        is_rater = isinstance(rater, Rater) and _is_version(rater.version)
    # It is others' code, and may fail in any way, or end the process.
    except (Exception, SystemExit) as error:
        why = f"{type(error).__name__}: {error}"[:_LONGEST_REASON]
        raise PluginError(f"{about} cannot be loaded: {why}.") from error
    if not is_rater:
        raise PluginError(
            f"{about} is no rater: it needs a version, which is text of 1 to 128 letters, digits and other "
            "signs of ASCII, and a method rate."
        )
    return cast(Rater, rater)


def _is_version(version: object) -> bool:
    return isinstance(version, str) and _VERSION.fullmatch(version) is not None
