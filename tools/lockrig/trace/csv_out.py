"""A trace as a table of its events, for spreadsheets: `t_ms,channel,value`.

It is no logic analyser's table of samples, and isn't read back.
"""

import csv
import json
from typing import TextIO

from lockjudge.trace import Trace

COLUMNS = ("t_ms", "channel", "value")


def write_csv(out: TextIO, trace: Trace) -> None:
    """Write the events of `trace` to `out`, one a row, values as JSON.

    Quoted as JSON, a text from outside can't start with `=` and become a formula.
    """
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    for event in trace.events:
        rows.writerow((event.t_ms, event.ch, json.dumps(event.v, ensure_ascii=False)))
