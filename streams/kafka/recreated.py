"""Notice a source's topic that was deleted, or created again, under the state that was read of it."""

from collections.abc import Iterable, Mapping

from models.state.delta import Source
from streams.kafka.halt import TopicRecreated
from streams.kafka.sources import SourceNames


def refuse_shorter(
    applied: Mapping[Source, int], ends: Mapping[Source, int], names: SourceNames, state: Iterable[str]
) -> None:
    """Refuse topics that end before what was applied of them; `state` are the topics that hold the state.

    Raises:
        TopicRecreated: a topic does.

    """
    ahead = [source for source, position in applied.items() if ends[source] < position]
    shorter = sorted({names.tp(source).topic for source in ahead})
    if shorter:
        raise TopicRecreated(
            f"The state is ahead of {', '.join(shorter)}: what was read was made anew under it. "
            f"Delete {' and '.join(state)} as well, or use another KPIS_GROUP.",
            {partition for _, partition in ahead},
        )


def refuse_partial(assigned: Iterable[tuple[str, int]], topics: Iterable[str]) -> None:
    """Refuse an assignment that holds a partition of some topics and not of the others.

    Faust leaves a topic out that is missing while the group rebalances, and reads it no more.

    Raises:
        TopicRecreated: a topic is left out.

    """
    held = set(assigned)
    numbers = {number for _, number in held}
    missing = sorted({topic for topic in topics for number in numbers if (topic, number) not in held})
    if missing:
        raise TopicRecreated(
            f"{', '.join(missing)} was missing when partitions were assigned: it was deleted, or was made "
            "anew. Create it where it is not there: `kpis topics apply`."
        )
