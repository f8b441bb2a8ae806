"""Ask every worker once, and say what is missing and why."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from commands.failure import Failure
from commands.live.memory import Answer, Memory, remember, unread
from commands.live.sentences import near, trouble
from commands.worker_http import NoWorker
from commands.worker_views import NotShown, Query, read_view


@dataclass(frozen=True, slots=True)
class Read:
    """What the workers said; `refusals` are the reasons of those that do not show a campaign."""

    memory: Memory
    refusals: tuple[str, ...] = ()

    @property
    def troubles(self) -> list[str]:
        """Say which workers are missing or not ready."""
        return [line for worker in self.memory.workers.values() for line in trouble(worker)]


def read_once(addresses: Sequence[str], queries: Sequence[Query], now: float) -> Read:
    """Ask every worker, side by side.

    Raises:
        Failure: no worker answers.

    """
    with ThreadPoolExecutor(len(addresses)) as threads:
        read = list(threads.map(lambda address: list(_ask(address, queries, now)), addresses))
    memory = unread(addresses)
    refusals: list[str] = []
    away: list[NoWorker] = []
    for answers in read:
        for answer in answers:
            if isinstance(answer, NotShown):
                refusals.append(str(answer))
            elif isinstance(answer, _Away):
                away.append(answer.error)
                memory = remember(memory, answer.answer)
            else:
                memory = remember(memory, answer)
    if len(away) == len(addresses):
        raise away[0] if len(away) == 1 else Failure("\n".join(error.brief for error in away))
    return Read(memory, tuple(dict.fromkeys(refusals)))


@dataclass(frozen=True, slots=True)
class _Away:
    error: NoWorker
    answer: Answer


def _ask(address: str, queries: Sequence[Query], now: float) -> Iterable[Answer | NotShown | _Away]:
    for query in queries:
        try:
            yield Answer(address, now, query, read_view(address, query))
        except NotShown as error:
            yield error
            yield Answer(address, now, query)
        except NoWorker as error:
            yield _Away(error, Answer(address, now, query, problem=error.brief))
            return


def why_absent(name: str, refusals: Sequence[str], others: Read) -> Failure:
    """Say why no worker shows a campaign; `others` is what they show and how they are."""
    if others.troubles:
        return Failure(" ".join([f"Campaign {name} is not shown now.", *others.troubles]))
    reasons = [reason for reason in refusals if "registered" not in reason]
    if reasons:
        hint = " Name each worker: --from HOST:PORT." if "this worker" in reasons[0] else ""
        return Failure(f"{reasons[0][:1].upper()}{reasons[0][1:]}.{hint}")
    shown = sorted({one for one, _ in others.memory.known})
    known = near(name, shown) or f" Shown now: {', '.join(shown[:20]) or 'none'}."
    return Failure(f"No campaign {name} is registered.{known}")
