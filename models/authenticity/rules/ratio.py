"""A content is liked about as often as it is seen: no interaction's fault, so for alerts alone."""

from typing import Any

from models.authenticity.rule import RuleSettings, Share, whole


class Ratio(RuleSettings):
    """From which share of views, and from how many likes on, likes are more than people give.

    The evidence is weak (a checklist of mydropai), the false alarm medium: views may be counted elsewhere.
    """

    share: Share = 0.9
    likes: whole(1, 10**12) = 500  # type: ignore[valid-type]


def too_liked(likes: Any, views: Any, by: Ratio) -> Any:
    """Return whether a content's likes are too many for its views: numbers, or columns of them.

    Where nobody is known to have seen it there is nothing to compare with.
    """
    return (by.use != "off") & (views > 0) & (likes >= by.likes) & (likes >= by.share * views)
