"""A content is liked about as often as it is seen: no interaction's fault, so for alerts alone."""

from models.authenticity.rule import RuleSettings, Share, whole


class Ratio(RuleSettings):
    """From which share of views, and from how many likes on, likes are more than people give.

    The evidence is weak (a checklist of mydropai), the false alarm medium: views may be counted elsewhere.
    """

    share: Share = 0.9
    likes: whole(1, 10**12) = 500  # type: ignore[valid-type]
