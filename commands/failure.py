"""How commands fail: one sentence, no stack trace, an exit code."""

import errno

import click

from commands.printable import printable

FAILED = 1
WRONG_USE = 2
FAIL_STOP = 3
# What a machine refuses, whatever the program.
_OF_THE_MACHINE = frozenset(
    {errno.EACCES, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM}
    | {errno.ENOENT, errno.ENOSPC, errno.EPERM, errno.EROFS}
)


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


def sentence_of(error: OSError) -> str | None:
    """Say what the machine refuses; None for an error that is none of its refusals, but a fault of ours."""
    if error.strerror and error.filename:
        return f"{error.filename}: {error.strerror}."
    return f"{error.strerror}." if error.errno in _OF_THE_MACHINE else None
