"""The model that rates: that of an installed package, or ours."""

from importlib.metadata import entry_points

from models.sentiment.model import LexiconRater, own_data
from models.sentiment.plugins import GROUP, rater_of
from models.sentiment.rating import Rater


def installed_rater() -> Rater:
    """Make the rater, which takes a moment.

    Raises:
        PluginError: a package brings what cannot rate texts, or several bring something.

    """
    return rater_of(entry_points(group=GROUP), lambda: LexiconRater(own_data()))
