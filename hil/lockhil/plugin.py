"""The pytest plugin of the conformance suite: targets, requirement ids, measurements, the report.

It gives tests what they need; what a unit owes stands in the tests, and what they leave behind is
gathered by `collector`.
"""

import importlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

import pytest

from lockhil.collector import COLLECTED, NOT_RUN, Collected, Collector, without_place
from lockhil.lab import entries, locks
from lockhil.report import Measurement
from lockhil.session.credentialfile import Carried, decode
from lockhil.targets import open_target
from lockhil.targets.base import Target as OpenTarget


class Opener(Protocol):
    """Opens the target under test with the options that a test needs."""

    def __call__(self, **options: Any) -> OpenTarget: ...


def pytest_addoption(parser: pytest.Parser) -> None:
    """What `lockrig hil` hands to the suite."""
    group = parser.getgroup("lockrig")
    group.addoption("--lockrig-target", action="append", default=[], help="a target to test")
    group.addoption("--lockrig-out", default=None, help="the folder of the report")
    group.addoption("--lockrig-repeat", type=int, default=1, help="how often each test runs")
    group.addoption("--lockrig-command", default="", help="what the report says was run")
    group.addoption("--lockrig-sealed", action="store_true", help="through sealed sessions")
    group.addoption("--lockrig-credential", default=None, help="the file of a credential")
    group.addoption("--lockrig-boards", default="{}", help="the boards that have a name, as JSON")
    group.addoption("--lockrig-given", action="store_true", help="the firmware was given by path")


def pytest_configure(config: pytest.Config) -> None:
    """Name the marker, and collect for the report."""
    try:
        importlib.import_module("lockunit.unit")
    except (Exception, SystemExit) as error:
        raise pytest.UsageError(f"the firmware can't be loaded: {error!r}") from error
    entries.use_text(config.getoption("--lockrig-boards"))
    locks.doing = config.getoption("--lockrig-command")
    config.addinivalue_line("markers", "req(*ids): the requirements that a test proves")
    config.pluginmanager.register(Collector(config), "lockrig-collector")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test on each target, as often as was asked."""
    config = metafunc.config
    targets = config.getoption("--lockrig-target") or ["sim"]
    repeats = range(1, config.getoption("--lockrig-repeat") + 1)
    metafunc.fixturenames.append("place")
    places = [(target, repeat) for repeat in repeats for target in targets]
    names = [target if repeat == 1 else f"{target}#{repeat}" for target, repeat in places]
    metafunc.parametrize("place", places, ids=names, scope="function")


@pytest.fixture
def collected(request: pytest.FixtureRequest) -> Collected:
    """What this test measured and where its traces are."""
    found: Collected = request.node.stash.setdefault(COLLECTED, Collected())
    return found


@pytest.fixture
def open_unit(
    request: pytest.FixtureRequest, place: tuple[str, int], collected: Collected
) -> Iterator[Opener]:
    """Opens units on the target under test; they are closed, and their traces kept, at the end."""
    collector = request.config.pluginmanager.get_plugin("lockrig-collector")
    assert isinstance(collector, Collector)
    opened: list[OpenTarget] = []
    with ExitStack() as stack:

        def open_one(**options: Any) -> OpenTarget:
            if request.config.getoption("--lockrig-sealed"):
                options = {"sealed": True, "role": "service"} | options
            if (path := request.config.getoption("--lockrig-credential")) is not None:
                options = {"wallet": Carried(decode(Path(path).read_bytes()))} | options
            collector.hold(place[0])
            target = stack.enter_context(open_target(place[0], **options))
            opened.append(target)
            collector.targets[place[0]] = target
            return target

        yield open_one
        for number, target in enumerate(opened, start=1):
            collected.trace = collector.keep_trace(request.node.nodeid, number, target)
        not_run = request.node.stash.get(NOT_RUN, False)
        apart = "" if not_run else collector.compare(without_place(request.node), place, opened)
    if apart:
        pytest.fail(apart, pytrace=False)


@pytest.fixture
def unit(open_unit: Opener) -> OpenTarget:
    """One door lock with a good pack, locked, its door closed."""
    return open_unit()


Measure = Callable[..., None]


@pytest.fixture
def measure(collected: Collected) -> Measure:
    """Note a value beside its limits, and fail with both if it is outside.

    `measure(requirement, name, value, unit, at_least=..., at_most=..., channel=..., from_ms=...,
    at_ms=...)`; the last three say where in the trace it was taken.
    """

    def note(requirement: str, name: str, value: float | None, unit: str, **more: Any) -> None:
        made = Measurement.of(name, value, unit, requirement=requirement, **more)
        collected.measurements.append(made)
        limits = [
            f"{word} {limit} {unit}"
            for word, limit in (("at least", made.at_least), ("at most", made.at_most))
            if limit is not None
        ]
        if not made.ok:
            shown = "not seen" if value is None else f"{value} {unit}"
            pytest.fail(f"{requirement}: {name}: {shown}, {' and '.join(limits)}", pytrace=False)

    return note
