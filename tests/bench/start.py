# ruff: noqa: T201 - a benchmark prints
"""`python -m tests.bench.start`: what a start loads before the button is watched, in bytes.

Bytes of .mpy are what a board reads, checks and links: most of a start is that. It is no time: none
was measured on a real board.
"""

from lockhil.firmware import compiled
from tests.lockhil.virtual.rig import board

# Says what is loaded when outputs are off and the button is watched, and when the unit is there.
_SAYS = """
import sys
def loaded():
    say(sorted(name for name in sys.modules if name.startswith("lock")))
from lockboards import first
real = first.First
def watched():
    found = real()
    loaded()
    return found
first.First = watched
%s
app.Unit = lambda *_: loaded() or time.sleep(3600)
app.main()
"""
STARTS = {
    "development unit": "from lockboards import app",
    "production unit": (
        "from lockboards import console\nfrom lockboards.files import Files\n"
        "console.opens(Files('/data'))\nfrom lockboards import app"
    ),
}


def _bytes(names: list[str]) -> int:
    sizes = {place.removesuffix(".mpy"): len(data) for place, data in compiled().items()}
    places = [name.replace(".", "/") for name in names]
    return sum(sizes.get(place, 0) + sizes.get(f"{place}/__init__", 0) for place in places)


def main() -> None:
    """Print the table."""
    print("| start of a | when | modules | bytes of .mpy |\n| --- | --- | ---: | ---: |")
    for start, code in STARTS.items():
        with board(_SAYS % code) as rig:
            rig.world.run(10)
            for when, names in zip(("button watched", "core loaded"), rig.said, strict=True):
                print(f"| {start} | {when} | {len(names)} | {_bytes(names):,} |")


if __name__ == "__main__":
    main()
