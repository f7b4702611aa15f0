"""`lockrig hil`: run the conformance suite on targets, or compare two runs.

It finds the firmware, starts pytest and passes on its verdict; the tests are `lockhil.suite`.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import click

import lockhil.suite
from lockhil.lab.entries import encode
from lockhil.report import compare, model
from lockhil.suite import CONTACT_LOST
from lockhil.targets import NAMES, UnknownTargetError, check_target
from lockrig.errors import Exit, LockrigError
from lockrig.firmware_folder import firmware_folder
from lockrig.targets import configured_credential, credential_option, read_credential

# pytest's exit codes -> ours.
_CODES = {
    0: Exit.PASSED,
    1: Exit.FAILED,
    2: Exit.INTERRUPTED,
    CONTACT_LOST: Exit.NO_CONTACT,
}


@click.command("hil")
@click.argument("targets", nargs=-1)
@click.option(
    "--firmware", type=click.Path(path_type=Path), help="Test the firmware in this folder."
)
@click.option("--repeat", type=click.IntRange(1, 10_000), default=1, help="Run each test N times.")
@click.option("--report", type=click.Path(path_type=Path), help="Write report.html here.")
@click.option(
    "--sealed", is_flag=True, help="Give units a key, and talk to them in sealed sessions."
)
@credential_option
@click.option("-k", "only", default="", help="Run only tests whose names match.")
def command(  # noqa: PLR0917 click gives them by name
    targets: tuple[str, ...],
    firmware: Path | None,
    repeat: int,
    report: Path | None,
    sealed: bool,
    credential: Path | None,
    only: str,
) -> int:
    """Run the conformance suite on each TARGET (default: sim).

    `lockrig hil compare A B` compares the reports in two folders instead.
    """
    if targets[:1] == ("compare",):
        return _compare(targets[1:])
    for target in targets:
        try:
            check_target(target)
        except UnknownTargetError as error:
            raise LockrigError(str(error), Exit.USAGE) from None
    if credential is not None:
        _check_credential(credential, targets)
    for target in targets:
        if credential is None and (path := configured_credential(target)) is not None:
            read_credential(path)
    if report is not None:
        _check_folder(report)
    with tempfile.TemporaryDirectory(prefix="lockrig-") as folder:
        # A folder of its own: the temporary one is nobody else's to read, a report is.
        out = Path(folder) / "report"
        out.mkdir()
        code = _run(
            targets or ("sim",), firmware, repeat, out, only, sealed=sealed, credential=credential
        )
        if report is not None and (out / "report.html").exists():
            _file(out, report)
    return code


def _file(made: Path, folder: Path) -> None:
    """Put the report where it was asked for, in place of an earlier one."""
    try:
        if (folder / "report.json").exists():
            shutil.rmtree(folder / "traces", ignore_errors=True)
        shutil.copytree(made, folder, dirs_exist_ok=True)
    except (OSError, shutil.Error) as error:
        # shutil gathers (from, to, why) of every file; one says enough.
        why = error.args[0][0][2] if isinstance(error, shutil.Error) else error
        raise LockrigError(
            f"the tests ran, but their report couldn't be written: {why}; "
            "make room, or give --report another folder, and run again"
        ) from None
    click.echo(f"report: {(folder / 'report.html').resolve()}")


def _check_credential(path: Path, targets: tuple[str, ...]) -> None:
    read_credential(path)
    if not targets or any(target in NAMES for target in targets):
        raise LockrigError(
            "--credential is for units on their lines; simulated ones have keys with --sealed",
            Exit.USAGE,
        )


def _check_folder(folder: Path) -> None:
    """Refuse a report folder that can't be written before an hour of tests, not after."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise LockrigError(
            f"can't write the report to {folder}: {error.strerror}; "
            "give --report a folder that can be written",
            Exit.USAGE,
        ) from None


def _run(
    targets: tuple[str, ...],
    firmware: Path | None,
    repeat: int,
    out: Path,
    only: str,
    *,
    sealed: bool,
    credential: Path | None,
) -> int:
    suite = Path(lockhil.suite.__file__).parent
    named = encode() if set(targets) - set(NAMES) else "{}"
    words = ["lockrig hil", *targets, *(["--firmware", str(firmware)] if firmware else [])]
    words += ["--sealed"] if sealed else []
    args = [
        *(sys.executable, "-m", "pytest", str(suite), "-c", str(suite / "pytest.ini")),
        *("--rootdir", str(suite), "-p", "lockhil.plugin", "--junitxml", str(out / "junit.xml")),
        *("--lockrig-out", str(out), "--lockrig-repeat", str(repeat), "-k", only),
        *("--lockrig-command", " ".join(words), "--lockrig-boards", named),
        *(f"--lockrig-target={target}" for target in targets),
    ]
    if sealed:
        args.append("--lockrig-sealed")
    if credential is not None:
        args.append(f"--lockrig-credential={credential.absolute()}")
    env = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    env.pop("PYTEST_ADDOPTS", None)
    if firmware is not None:
        args.append("--lockrig-given")
        env["PYTHONPATH"] = str(firmware_folder(firmware))
    process = subprocess.Popen(args, env=env, stdin=subprocess.DEVNULL)  # noqa: S603 our own words
    try:
        code = process.wait()
    except KeyboardInterrupt:
        # It closes its targets before it goes.
        process.send_signal(signal.SIGINT)
        process.wait()
        return Exit.INTERRUPTED
    return _CODES.get(code, Exit.FAILED)


def _compare(folders: tuple[str, ...]) -> int:
    if len(folders) != 2:
        raise LockrigError("expected two report folders: lockrig hil compare A B", Exit.USAGE)
    try:
        differences = compare.compare_paths(Path(folders[0]), Path(folders[1]))
    except (OSError, model.NotAReportError) as error:
        raise LockrigError(f"{error}; give the folders of two reports", Exit.USAGE) from None
    for line in compare.render(differences):
        click.echo(line)
    return Exit.FAILED if any(found.counts for found in differences) else Exit.PASSED
