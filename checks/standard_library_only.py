"""The judge imports the standard library and itself, so that it can be audited on its own.

Who may import the judge, and the order of the other packages, is import-linter's to keep.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from checks.findings import Finding, folders_from_arguments, imported, report


def breaches(tree: ast.Module, _path: Path) -> Iterator[Finding]:
    """Every import in the file `tree` of the judge that is neither its own nor the library's."""
    for node in ast.walk(tree):
        for name in imported(node):
            top = name.split(".")[0]
            if top != "lockjudge" and top not in sys.stdlib_module_names:
                text = f"import of {name}: only the standard library here"
                yield Finding(getattr(node, "lineno", 0), text)


if __name__ == "__main__":
    sys.exit(report(folders_from_arguments(), breaches))
