"""How commands fail: one sentence, no stack trace, an exit code."""

import click

from commands.printable import printable

FAILED = 1
WRONG_USE = 2
FAIL_STOP = 3


class _Ending(click.ClickException):
    def format_message(self) -> str:
        """Return the message as it is printed: it may quote names from elsewhere."""
        return printable(self.message, keep="\n")


class Failure(_Ending):
    """The command failed (exit code 1): something that it needs is missing or wrong."""

    exit_code = FAILED


class WrongUse(_Ending):
    """The user's command, setting or file is wrong (exit code 2)."""

    exit_code = WRONG_USE
