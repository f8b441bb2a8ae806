"""What a changed campaign does to its numbers: what is restated at once, and what stays as it was counted."""

from models.campaigns.campaign import Campaign

REBUILD = "`kpis worker --rebuild` counts anew"

_RESTATED = {
    "costs": "invested, CPA, CPE, CPM, ROI and pacing",
    "goals": "CPA and ROI",
    "budget": "the share spent and pacing",
    "emv_card": "EMV",
    "values": "values alignment",
    "thresholds": "verdicts and alerts",
    "min_sample": "verdicts and alerts",
}
_ADMITTING = ("grace", "adjustments_until", "influencers", "authenticity")


def consequences(before: Campaign, after: Campaign, now: int, *, another_target: bool) -> list[str]:
    """Say what a change means for a campaign that has begun; `now` is in microseconds."""
    if now < min(before.starts, after.starts):
        return []
    found = [*_flight(before, after), *_admission(before, after), *_sentiment(before, after)]
    found += _target(before, after, another_target=another_target)
    restated = [figures for field, figures in _RESTATED.items() if _differs(before, after, field)]
    if restated:
        found.append(f"restated over the whole flight: {'; '.join(dict.fromkeys(restated))}")
    return [f"{after.id}: {one}" for one in found]


def _flight(before: Campaign, after: Campaign) -> list[str]:
    moved = [
        f"{field} moved from {after.local(getattr(before, field))} to {after.local(getattr(after, field))}"
        for field in ("starts", "ends")
        if _differs(before, after, field)
    ]
    if not moved:
        return []
    rule = "costs follow at once, but events that were counted or refused stay so"
    return [f"{' and '.join(moved)}: {rule}; {REBUILD}"]


def _admission(before: Campaign, after: Campaign) -> list[str]:
    changed = [field for field in _ADMITTING if _differs(before, after, field)]
    if not changed:
        return []
    return [f"{' and '.join(changed)} changed: for events from now on; what was counted stays so; {REBUILD}"]


def _sentiment(before: Campaign, after: Campaign) -> list[str]:
    if not _differs(before, after, "sentiment"):
        return []
    return [f"sentiment's words changed: for texts from now on; what was rated stays so; {REBUILD}"]


def _target(before: Campaign, after: Campaign, *, another_target: bool) -> list[str]:
    """Say what a changed audience does to what was counted; the size only divides."""
    if after.target is None:
        return ["has no target any more: target reach is not shown"] if before.target else []
    if before.target is None:
        return ["has a target now: target reach counts from now"]
    return ["the target's audience changed: target reach starts again from now"] if another_target else []


def _differs(before: Campaign, after: Campaign, field: str) -> bool:
    return bool(getattr(before, field) != getattr(after, field))
