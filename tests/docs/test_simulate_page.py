"""docs/simulate.md: its example is a scenario, its tables name what there is."""

import re
from pathlib import Path

from lockrig.simulate.run import command
from locksim.scenarios.events import KEYS
from locksim.scenarios.load import read_scenario

PAGE = (Path(__file__).parents[2] / "docs/simulate.md").read_text()


def test_the_example_is_a_scenario(tmp_path: Path) -> None:
    example = re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert example
    path = tmp_path / "example.toml"
    path.write_text(example[1])
    assert read_scenario(path).name == "gallery"


def test_every_event_and_option_is_told() -> None:
    for what, keys in KEYS.items():
        for word in (what, *keys):
            assert f"`{word}`" in PAGE
    for parameter in command.params:
        for option in parameter.opts:
            assert parameter.param_type_name == "argument" or f"`{option}" in PAGE, option
