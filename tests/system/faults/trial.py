"""One scenario from its start to its verdict: producers, workers and scrapes at work while a test acts."""

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from tests.system.faults.board import Row, Run, off
from tests.system.faults.book import Book
from tests.system.faults.fleet import Fleet, Member
from tests.system.faults.hiding import hidings, too_long
from tests.system.faults.lookout import Lookout
from tests.system.faults.plain import REVISED, PlainTraffic, plain_campaigns
from tests.system.faults.sightings import Acts
from tests.system.faults.verdict import Verdict, compare, dead_letters, is_hard, revises
from tests.system.faults.watch import Watch
from tests.system.support import scrape
from tests.system.support.campaigns import all_campaigns, clock
from tests.system.support.comparing import report
from tests.system.support.flow import Flow
from tests.system.support.kafka import read_back
from tests.system.support.ledger import Ledger, fold
from tests.system.support.processes import until
from tests.system.support.product import Deployment
from tests.system.support.traffic import DAY, HOUR, MINUTE, Mix, Traffic

PARTITIONS = 4
LIVE = "kpi_pipeline_partitions"
EVENTS = "kpi_pipeline_events_total"
UNRATED = "kpi_pipeline_texts_waiting"
# As in Mix, but without events of the future: they are placed at their arrival, and with arrivals over
# minutes there would always be one at the edge of a window.
AGES = (
    (0, MINUTE / 2, 40),
    (10 * MINUTE, 40 * MINUTE, 25),
    (2 * HOUR, 20 * HOUR, 25),
    (2 * DAY, 6 * DAY, 8),
    (8 * DAY, 10 * DAY, 7),
)
# Totals only rise: what is shown meanwhile is held against what it may become at most.
MIX = Mix(duplicated=0.02, garbage=0.02, contested=0.02, fallen=0.0, ages=AGES)
Burst = tuple[int, Sequence[int]]
"""How many records are on the topics before any worker starts, and on which partitions."""
NO_BURST: Burst = (0, ())
SETTLE = 240
"""Seconds in which workers must be at work: on a quiet machine they are in five."""
PATIENCE = 150
"""Seconds in which everything must be applied once faults and producers have ended."""


class Trial:
    """A deployment under load, with events on any partition; `conclude` ends it and compares everything.

    Where it is `plain`, pages are short, and may be looked at `closely`: then it is known to a fifth of a
    second how long an act hides campaigns. Otherwise events are of every kind that there is.

    Attributes:
        partitions: how many each topic has; a test that adds some says so here.
        fleet: the workers.
        watch: the scrapes of the workers' pages.
        lookout: quicker looks at the campaigns on them.
        acts: what the test did to workers, and when.
        flow: the producers.

    """

    def __init__(
        self,
        deployment: Deployment,
        run: Run,
        workers: int,
        rate: int = 600,
        mix: Mix = MIX,
        before: Burst = NO_BURST,
        assume_consent: bool = False,
        plain: bool = False,
        closely: bool = False,
        partitions: int = PARTITIONS,
    ) -> None:
        self.deployment, self.run, self._before, self._plain = deployment, run, before, plain
        self._mix = mix
        self.partitions = partitions
        deployment.settings["KPIS_PARTITIONS"] = str(partitions)
        self._assume_consent = assume_consent
        deployment.settings["KPIS_ASSUME_CONSENT"] = str(assume_consent).lower()
        now = clock()
        self._document = deployment.apply(plain_campaigns(now) if plain else all_campaigns(now))
        traffic = PlainTraffic(run.seed, now, partitions) if plain else Traffic(run.seed, now, mix)
        kafka, prefix = deployment.servers.kafka, deployment.prefix
        self.flow = Flow(kafka, prefix, traffic, rate, range(partitions), run.seed)
        self.fleet = Fleet(deployment, run.workers(workers), named=not run.nameless)
        self.lookout, self.acts = Lookout(self.fleet, closely), Acts()
        self.watch = Watch(self.fleet, prefix, self.lookout, REVISED if plain else ())

    def __enter__(self) -> Self:
        try:
            self.flow.burst(*self._before)
            self.fleet.start()
            self.watch.start()
            self.lookout.start()
            self.flow.start()
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def _close(self) -> None:
        self.watch.abandon()
        self.lookout.end()
        self.fleet.close()
        self.flow.abandon()

    def applied(self) -> int:
        """Return the number of records that the workers say they have dealt with."""
        return round(self._total(EVENTS))

    def live(self) -> bool:
        """Return whether every partition is live with some worker."""
        return self._total(LIVE, state="live") >= self.partitions

    def add(self, *options: str, name: str = "") -> Member:
        """Make a place for one worker more, which is looked at from now on."""
        member = self.fleet.add(*options, name=name)
        self.lookout.watch(member)
        return member

    def begins(self, kind: str, *members: Member) -> None:
        """Note that something is about to be done to workers, so that what it hides is known."""
        self.acts.begin(kind, [member.name for member in members], self.lookout.now())

    def until_settled(self) -> None:
        """Wait until the partitions are shared and everything is counted, as before the last act."""
        self.until_shared()
        self.until_counting()
        self.acts.settle()

    def until_shared(self, seconds: float = SETTLE) -> None:
        """Wait until all partitions are live, with as many workers as there are, or as can have one."""
        enough = self.watch.book.rounds + 2  # one that was begun before may show what was before

        def shared() -> bool:
            self.watch.check()
            if self.watch.book.rounds < enough:
                return False
            pages, wanted = self.watch.latest, len(self.fleet.wanted())
            each = [scrape.total(page, LIVE, state="live") for page in pages.values()]
            at_work = sum(live >= 1 for live in each)
            most = self.partitions
            return len(each) == wanted and at_work == min(wanted, most) and sum(each) == most

        self._until(shared, seconds, "the workers share the partitions")

    def until_counting(self, more: int = 200, seconds: float = SETTLE) -> None:
        """Wait until every partition is live and all that was sent by now, and some more, is applied."""
        enough = self.flow.sent + more

        def counting() -> bool:
            self.watch.check()
            return self.live() and self.applied() >= enough

        self._until(counting, seconds, f"all partitions are live and {enough} records are applied")

    def conclude(self, scenario: str) -> None:
        """End the load, write the table's row, and fail where anything is not as it must be."""
        sent = self.flow.finish()
        records = read_back(self.deployment.servers.kafka, self.deployment.prefix)
        ledger = fold(records, self._document, self._assume_consent)
        late = self._wait_applied(len(records))
        verdict = compare(self.fleet, self.deployment.prefix, ledger)
        book = self.watch.finish()
        self.lookout.end()
        hidden = hidings(self.lookout, self.acts.all[1:])
        self.run.hidings += hidden
        wrong_letters, letters = dead_letters(self.deployment.dead_letters(), ledger)
        self.run.board.append(self._row(scenario, ledger, verdict, book, letters))
        problems = {
            "too easy": revises(ledger) if self._plain else is_hard(ledger, self._mix),
            "changed by Kafka": [f"{sent} records acknowledged, {len(records)} read"]
            * (len(records) != sent),
            "not in time": late,
            "wrong at the end": verdict.wrong,
            "dead letters": wrong_letters,
            "ended by themselves": self.fleet.unexpected,
            "hidden for too long": too_long(hidden),
            **book.problems(verdict.wanted),
        }
        told = [f"--- {heading}: {report(them, 8)}" for heading, them in problems.items() if them]
        stopped = [f"{number} times: {reason}" for reason, number in self.fleet.reasons.items()]
        assert not told, "\n".join([str(self.run.board[-1]), *told, *stopped])

    def _row(self, scenario: str, ledger: Ledger, verdict: Verdict, book: Book, letters: str) -> Row:
        lost, doubled = off(verdict.wanted, verdict.shown)
        return Row(
            scenario=scenario,
            seed=self.run.seed,
            sent=sum(ledger.outcomes.values()),
            counted=round(scrape.total(verdict.shown, EVENTS, outcome="counted")),
            lost=lost,
            doubled=doubled,
            dead_letters=letters,
            twice=f"{book.twice.count} / {book.momentary}",
            dips=book.dips.count,
            outside=book.outside.count,
            hidden=f"{self.lookout.sightings.longest():.1f}",
            restarts=self.fleet.fail_stops,
            rounds=f"{book.rounds}, longest {self.watch.slowest:.1f} s",
            acts=", ".join(f"{number} {act}" for act, number in sorted(self.fleet.acts.items())),
        )

    def _wait_applied(self, records: int) -> list[str]:
        """Wait until all is applied; where it is not in time, say so and let the comparison tell the rest."""

        def done() -> bool:
            self.watch.check()
            waiting = self._total("kpi_pipeline_consumer_lag_records") + self._total(UNRATED)
            return self.live() and waiting == 0 and self.applied() >= records

        try:
            self._until(done, PATIENCE, f"all {records} records are applied")
        except AssertionError as late:
            return [str(late)]
        return []

    def _until(self, holds: Callable[[], bool], seconds: float, what: str) -> None:
        try:
            until(holds, seconds, what, every=0.2)
        except AssertionError as late:
            raise AssertionError(f"{late}\n{self._standing()}") from None

    def _standing(self) -> str:
        lag = self._total("kpi_pipeline_consumer_lag_records")
        lines = [f"{self.applied()} records are applied, {lag:.0f} wait; {len(self.watch.latest)} pages"]
        for member in self.fleet.members:
            said = member.process.said() if member.process else ""
            code = member.process.exit_code if member.process else None
            lines.append(f"{member.name}: exit code {code}, /readyz {member.get('/readyz')}\n{said}")
        lines += [f"{number} times stopped itself: {reason}" for reason, number in self.fleet.reasons.items()]
        return "\n".join(lines + self.fleet.unexpected)

    def _total(self, name: str, **labels: str) -> float:
        return sum(scrape.total(page, name, **labels) for page in self.watch.latest.values())
