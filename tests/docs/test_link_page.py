"""docs/link.md tells what the method table says."""

from pathlib import Path

from lockunit.methods import METHODS, NOTIFICATIONS

PAGE = (Path(__file__).parents[2] / "docs" / "link.md").read_text()


def test_every_method_and_notification_is_told() -> None:
    for name, method in METHODS.items():
        results = ", ".join(method.results) or "none"
        row = f"| `{name}` | {', '.join(method.kinds)} | {results} | {method.tells} |"
        assert row in PAGE, row
    for name, tells in NOTIFICATIONS.items():
        assert f"| `{name}` | {tells} |" in PAGE, name
