"""The model that rates: that of an installed package, or ours."""

from importlib.metadata import entry_points

from models.sentiment.model import LexiconRater, own_data
from models.sentiment.plugins import GROUP, rater_of
from models.sentiment.rating import Rater


def is_plugged_in() -> bool:
    """Return whether a package brings a model, which may be slow to load, or be none."""
    return len(entry_points(group=GROUP)) > 0


def installed_rater() -> Rater:
    """Make the rater, which takes a moment.

    Raises:
        PluginError: a package brings what cannot rate texts, or several bring something.

    """
    return rater_of(entry_points(group=GROUP), lambda: LexiconRater(own_data()))
