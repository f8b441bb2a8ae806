"""How commands fail: one sentence, no stack trace, an exit code."""

import click

FAILED = 1
WRONG_USE = 2
FAIL_STOP = 3


class Failure(click.ClickException):
    """The command failed (exit code 1): something that it needs is missing or wrong."""

    exit_code = FAILED


class WrongUse(click.ClickException):
    """The user's command, setting or file is wrong (exit code 2)."""

    exit_code = WRONG_USE
