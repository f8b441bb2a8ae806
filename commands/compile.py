"""`kpis compile`: compile what workers run, before they start."""

import time

import click

from commands.configuration import current_settings
from commands.failure import Failure
from commands.printable import say
from streams.worker.code_store import CodeStore
from streams.worker.compiling import compile_all


@click.command()
def command() -> None:
    """Compile the loops that workers count with, and keep the code on disk.

    A worker does so itself before it joins its group: the first one of a release twenty seconds later than
    those that find the code. So run this where a release is installed, as the workers' user and with their
    settings: in an image at build, on a host before workers are started again. Where the code is there
    already, it says so. `kpis up` needs none of this: it compiles while Kafka starts.

    The code is kept in KPIS_CACHE_DIR (~/.cache/campaign-kpis), a folder for each release, Python and kind of
    processor; of these the last eight that were used stay. It can be deleted at any time.

    Exit codes: 0 the code is there, 1 it cannot be kept, 2 wrong use.
    """
    began = time.monotonic()
    store = CodeStore(current_settings().cache_dir)
    say(f"compiled code: {store.folder}")
    for step in compile_all(store):
        say(f"  {step}…", err=True)
    took = time.monotonic() - began
    if store.problem:
        raise Failure(store.problem)
    if store.compiled:
        say(f"✓ {store.compiled} functions compiled in {took:.1f} s; workers find them there")
    else:
        say(f"✓ nothing to compile: {store.loaded} functions were read in {took:.1f} s")
