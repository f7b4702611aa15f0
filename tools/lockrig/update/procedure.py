"""The steps of an update, over as many contacts as it takes; each step is `lockhil.update`'s.

What the unit has is noted before each step that changes it, so that it can be told at any end.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from lockhil.client import LinkTimeoutError, RpcError
from lockhil.session.link import SealedLink
from lockhil.update.package import Package
from lockhil.update.sender import RefusedError, Sender, StrangeAnswerError, Where, finish, look
from lockrig.errors import Exit, LockrigError
from lockrig.targets import LOST, asks_for_credential, contact_with, enter, one_line
from lockrig.update.outcome import Left, Outcome
from lockrig.update.wording import refusal

# What was begun is gone on with for so long without getting on. Firmware that doesn't come up is
# started three times, half a minute each, before the unit runs again what it had.
PATIENCE_S = 180
_AGAIN_S = 1
_HELLO_MS = 3_000
_NO_METHOD = -32601
# It restarted meanwhile, or somebody cancelled it; or somebody else is at it too.
_AGAIN = ("NOT_BEGUN", "WRONG_PLACE")


class _InTheWayError(LockrigError):
    """Somebody else's update, or what takes long: it isn't waited for."""

    def __init__(self, message: str) -> None:
        super().__init__(message, Exit.NO_CONTACT)


def carry_out(outcome: Outcome, package: Package, credential: Path, *, quiet: bool) -> None:
    """Do it, and fill in the outcome. LockrigError, whose message ends in what the unit has."""
    began = time.monotonic()
    try:
        with _bar(package, quiet) as progress:
            _Update(outcome, package, credential, progress).run()
    except LockrigError as error:
        if error.exit_code == Exit.FAILED and outcome.left == Left.UNCHANGED:
            outcome.result = "refused"
        raise LockrigError(f"{error}{_left(outcome)}", error.exit_code) from None
    except KeyboardInterrupt:
        raise LockrigError(f"interrupted{_left(outcome)}", Exit.INTERRUPTED) from None
    finally:
        outcome.seconds = time.monotonic() - began


def _left(outcome: Outcome) -> str:
    return f"; {outcome.left.value}" if outcome.left is not None else ""


class _Update:
    """One run of the command; `_tried`: the unit said that it restarts to try the firmware."""

    def __init__(
        self,
        outcome: Outcome,
        package: Package,
        credential: Path,
        progress: Callable[[int], object],
    ) -> None:
        self._outcome = outcome
        self._package = package
        self._credential = credential
        self._progress = progress
        self._sender = Sender(package, self._moved)
        self._furthest = 0
        self._tried = self._seeking = False
        self._last_s = time.monotonic()

    def _moved(self, size: int) -> None:
        self._seeking = False
        if size > self._furthest:
            self._furthest = size
            self._last_s = time.monotonic()
        self._progress(size)

    def run(self) -> None:
        """Contact after contact, until it is done. LockrigError."""
        while True:
            try:
                with ExitStack() as stack:
                    where = contact_with(self._outcome.target, self._credential)
                    link = enter(stack, where).link
                    assert isinstance(link, SealedLink)
                    if self._visit(link):
                        return
            except (*LOST, LinkTimeoutError) as error:
                self._seek(LockrigError(f"contact lost: {one_line(error)}", Exit.NO_CONTACT))
            except LockrigError as error:
                if error.exit_code != Exit.NO_CONTACT or isinstance(error, _InTheWayError):
                    raise
                self._seek(error)
            time.sleep(_AGAIN_S)

    def _seek(self, error: LockrigError) -> None:
        """Go on seeking the unit, unless nothing was begun yet or it takes too long."""
        begun = self._outcome.left not in (None, Left.UNCHANGED)
        if not begun or time.monotonic() - self._last_s > PATIENCE_S:
            raise error
        if not self._seeking and not self._tried:
            _note(f"{error}; trying again")
        self._seeking = True

    def _visit(self, link: SealedLink) -> bool:
        """What can be done in this contact; whether all is done. LockrigError."""
        outcome = self._outcome
        try:
            return self._step(link)
        except RefusedError as error:
            told = refusal(error.result, self._package.header, outcome.before)
            raise _InTheWayError(told) if error.result == "BUSY" else LockrigError(told) from None
        except StrangeAnswerError as error:
            raise LockrigError(one_line(error)) from None
        except RpcError as error:
            if asks_for_credential(error):
                told = "takes that from service alone"
            elif error.code == _NO_METHOD:
                told = "has firmware that takes no update over its link: lockrig flash"
            else:
                told = f"refuses: {one_line(error)}"
            raise LockrigError(f"the unit {told}") from None
        finally:
            outcome.sent, outcome.kept = self._sender.sent, self._sender.kept

    def _step(self, link: SealedLink) -> bool:
        outcome = self._outcome
        trial = self._met(link)
        where = look(link)
        if where.ending and where.manifest == self._package.header.manifest:
            # This run, or one before, told it to try what it got.
            outcome.left = Left.TRIAL
            raise LockrigError(
                "the unit doesn't restart to try it: it waits while somebody uses the lock or "
                "changes its battery",
                Exit.NO_CONTACT,
            )
        if where.runs == self._package.mark:
            if trial:
                self._confirm(link)
            outcome.result = "up to date" if outcome.left == Left.UNCHANGED else "updated"
            outcome.left = Left.DONE
            return True
        self._refuse(where, trial=trial)
        self._send(link, where)
        return False

    def _refuse(self, where: Where, *, trial: bool) -> None:
        """LockrigError where nothing can be sent."""
        outcome, package = self._outcome, self._package
        if trial or where.ending:
            raise _InTheWayError(
                "another firmware is on trial there, or soon: wait until it is confirmed, or "
                "given up after 10 minutes"
            )
        if self._tried:
            outcome.left = Left.KEPT
            raise LockrigError(
                "the new firmware didn't come up, or wasn't confirmed in time; the unit runs "
                f"{outcome.before} again"
            )
        if where.mpy != package.mpy:
            raise LockrigError(
                f"the unit takes modules of version {where.mpy}, and the package's have "
                f"{package.mpy}: its MicroPython is another"
            )
        if self._sender.begun and where.manifest not in ("", package.header.manifest):
            outcome.left = Left.KEPT
            raise _InTheWayError("another update took its place there: is somebody else at it?")

    def _met(self, link: SealedLink) -> bool:
        """See which unit is there; whether what it runs is on trial. LockrigError."""
        outcome, wanted = self._outcome, self._package.header.unit
        # Half a line may lie there from whoever was here before.
        link.send_raw(b"\n")
        try:
            hello = link.call_open("unit.hello", _HELLO_MS)
        except LinkTimeoutError:
            raise LockrigError(
                f"no lock unit answers on {outcome.target}: is it up, and is this its link?",
                Exit.NO_CONTACT,
            ) from None
        if outcome.left is None:
            outcome.left = Left.UNCHANGED
        if hello.get("unit") != wanted:
            raise LockrigError(
                f"the package is for {wanted}, and this is {hello.get('unit')!r:.40}"
            )
        if hello.get("sealed") is not True:
            raise LockrigError(
                f"{wanted} has no lock's key: lockrig flash puts firmware on it, over its console"
            )
        trial = hello.get("trial") is True
        if not trial and outcome.before is None:
            outcome.before = str(hello.get("firmware"))
        return trial

    def _send(self, link: SealedLink, where: Where) -> None:
        outcome = self._outcome
        # What is lost from here on may have been begun, or be verified and on trial.
        outcome.left = Left.PARTLY
        try:
            self._sender.carry_out(link, where)
            outcome.left = Left.TRIAL
            finish(link)
        except RefusedError as error:
            if not self._sender.begun:
                outcome.left = Left.UNCHANGED
            elif error.result in _AGAIN:
                outcome.left = Left.PARTLY
                raise LockrigError(
                    f"the unit dropped the update, or somebody else is at it ({error.result})",
                    Exit.NO_CONTACT,
                ) from None
            else:
                outcome.left = Left.PARTLY if error.result == "BUSY" else Left.KEPT
            raise
        _note("the unit has verified all of it, and restarts to try it")
        self._tried = True
        self._last_s = time.monotonic()

    def _confirm(self, link: SealedLink) -> None:
        outcome = self._outcome
        if outcome.left != Left.OPEN:
            outcome.left = Left.TRIAL
        outcome.selftest = link.call("selftest.last")
        outcome.left = Left.OPEN
        result = str(link.call("update.confirm").get("result"))
        if result not in ("done", "NO_TRIAL"):
            outcome.left = Left.TRIAL
            raise LockrigError(
                f"the unit runs the new firmware and can't take it into use: {result}"
            )


def _note(message: str) -> None:
    """A line on standard error, not behind a bar."""
    click.echo("\n" * sys.stderr.isatty() + f"lockrig: {message}", err=True)


@contextmanager
def _bar(package: Package, quiet: bool) -> Iterator[Callable[[int], object]]:
    """A bar on standard error with the time to go, where that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=package.size, label="sending", file=sys.stderr) as bar:
        yield lambda size: bar.update(size - bar.pos)
