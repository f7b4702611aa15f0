"""`python -m lockhil.drawings [FOLDER]`: writes the sheet of each board, by default to docs/wiring.

A test fails where they are older than the data.
"""

import json
import sys
from pathlib import Path

from lockhil.boards.pins import data
from lockhil.drawings import pair, sheet
from lockhil.firmware import wiring_file

# A unit's pins and its probe's, by the unit's board.
WIRES = Path(__file__).parents[1] / "probe" / "wirings"


def drawings() -> dict[str, str]:
    """Each drawing by its file's name."""
    found = {}
    for path in sorted(wiring_file().parent.glob("*.json")):
        wiring = data.read(path.read_bytes(), path.stem)
        if wiring["chip"] != "virtual":
            found[f"{path.stem}.svg"] = sheet.unit(wiring)
            wires = WIRES / path.name
            if wires.exists():
                told = json.loads(wires.read_text(encoding="utf-8"))
                found[f"{path.stem}-probe.svg"] = pair.pair(told, wiring)
    return found


def main() -> None:
    """Write them all."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/wiring")
    folder.mkdir(parents=True, exist_ok=True)
    for name, svg in drawings().items():
        (folder / name).write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
