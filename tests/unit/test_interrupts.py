"""A child that a test interrupts takes the interrupt, however the tests were started."""

import signal
import subprocess
import sys

import pytest

from tests.interrupts import interruptible

PROGRAM = "import signal; print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)"


@pytest.fixture(params=[signal.SIG_IGN, signal.default_int_handler], ids=["ignored", "usual"])
def handler(request: pytest.FixtureRequest) -> object:
    """Take SIGINT as a script's background does, and as the foreground does."""
    before = signal.signal(signal.SIGINT, request.param)
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, before))
    return request.param


def test_a_child_takes_an_interrupt_and_the_tests_do_what_they_did(handler: object) -> None:
    with interruptible():
        child = subprocess.run([sys.executable, "-I", "-S", "-c", PROGRAM], capture_output=True, check=True)

    assert child.stdout == b"True\n"
    assert signal.getsignal(signal.SIGINT) == handler
