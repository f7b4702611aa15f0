# ruff: noqa: T201 - a long run says how far it is
"""`python -m tests.fuzz.host [N]`: the readers of `parsers` take bytes gone wrong, N times each.

With `atheris` (`pip install -e '.[fuzz]'`) what reaches new code is kept and altered further; where
that isn't installed, examples are altered blindly, and the run says so. A reader that raises what
isn't its refusal ends it with 1, and the bytes are kept in `out/fuzz`.
"""

import argparse
import importlib.util
import subprocess
import sys
from pathlib import Path
from random import Random

from tests.fuzz.lines import Lines

OUT = Path("out/fuzz")
# Far more than is needed to say anything, and little enough to be quick.
LONGEST = 16_384
SECONDS_FOR_ONE = 5


def blind(name: str, n: int, seed: int = 1) -> int:
    """Alter examples n times; how many of them were understood still."""
    from tests.fuzz.parsers import PARSERS  # noqa: PLC0415 atheris has to come first

    parser, random, lines = PARSERS[name], Random(seed), Lines(seed)
    understood = 0
    for example in parser.examples:
        assert parser.take(example) or name == "client", f"{name}: an example isn't understood"
    for _ in range(n):
        data = random.choice(parser.examples)
        for _ in range(random.choice((1, 1, 2, 8))):
            data = lines.mutated(data)[:LONGEST]
        try:
            understood += parser.take(data)
        except BaseException:
            keep(name, data)
            raise
    return understood


def keep(name: str, data: bytes) -> None:
    """Write down what broke a reader."""
    OUT.mkdir(parents=True, exist_ok=True)
    path = OUT / f"crash-{name}"
    path.write_bytes(data)
    print(f"{name}: kept in {path}", file=sys.stderr)


def guided(name: str, n: int) -> None:
    """Run one reader under atheris, which ends the process."""
    import atheris  # noqa: PLC0415 an extra

    with atheris.instrument_imports(include=["lockjudge", "lockhil", "lockrig", "locksim"]):
        from tests.fuzz.parsers import PARSERS  # noqa: PLC0415
    parser = PARSERS[name]
    corpus = OUT / "corpus" / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number, example in enumerate(parser.examples):
        (corpus / f"example-{number}").write_bytes(example)
    words = [
        sys.argv[0],
        str(corpus),
        f"-runs={n}",
        f"-max_len={LONGEST}",
        f"-timeout={SECONDS_FOR_ONE}",
        f"-artifact_prefix={OUT}/{name}-",
        "-print_final_stats=1",
        "-verbosity=0",
    ]
    atheris.Setup(words, lambda data: parser.take(data) and None)
    atheris.Fuzz()


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("n", nargs="?", type=int, default=100_000, metavar="N")
    arguments.add_argument("--parser", action="append", help="of PARSERS; all, by default")
    arguments.add_argument("--guided", action="store_true", help="this process runs the one")
    options = arguments.parse_args()
    if options.guided:
        guided(options.parser[0], options.n)
        return 0
    from tests.fuzz.parsers import PARSERS  # noqa: PLC0415

    coverage = importlib.util.find_spec("atheris") is not None
    if not coverage:
        print("atheris isn't installed here: examples are altered blindly")
    failed = []
    for name in options.parser or PARSERS:
        if coverage:
            words = [sys.executable, "-m", "tests.fuzz.host", str(options.n), "--guided"]
            done = subprocess.run(
                [*words, "--parser", name], check=False, capture_output=True, text=True
            )
            print(f"{name}: {stats(done.stderr)}", flush=True)
            if done.returncode:
                print(done.stdout + done.stderr, file=sys.stderr)
                failed.append(name)
        else:
            print(f"{name}: {options.n} altered, {blind(name, options.n)} understood", flush=True)
    print(f"failed: {', '.join(failed)}" if failed else "nothing was raised but refusals")
    return 1 if failed else 0


def stats(text: str) -> str:
    """What libFuzzer counted."""
    rows = [line for line in text.splitlines() if line.startswith("stat::")]
    told = {line.split("::")[1].split(":")[0]: line.split()[-1] for line in rows}
    return (
        f"{told.get('number_of_executed_units')} runs, "
        f"{told.get('average_exec_per_sec')} a second, "
        f"{told.get('new_units_added')} reached new code"
    )


if __name__ == "__main__":
    sys.exit(main())
