"""What a command says when it cannot go on: one sentence, no stack trace, an exit code."""

import click

FAILED = 1
WRONG_USE = 2
FAIL_STOP = 3


class Failure(click.ClickException):
    """It failed (exit code 1): the world is not as the command needs it."""

    exit_code = FAILED


class WrongUse(click.ClickException):
    """The user's command, setting or file is wrong (exit code 2)."""

    exit_code = WRONG_USE
