"""Why a record was not kept."""

from collections.abc import Mapping


class NotKept(Exception):
    """Nothing is promised of these records: send them again after `retry_after` seconds. `why` says why."""

    def __init__(self, retry_after: int, why: str) -> None:
        super().__init__(why)
        self.retry_after = retry_after
        self.why = why


class NeverKept(Exception):
    """Kafka will never take some of the records; all others are kept.

    `records` maps the place of each refused one among those given to a sentence; sending it again is no use.
    """

    def __init__(self, records: Mapping[int, str]) -> None:
        super().__init__(next(iter(records.values())))
        self.records = dict(records)
