"""What tests of the air begin with."""

from collections.abc import Iterator

import pytest

from tests.lockhil.radio.place import Place


@pytest.fixture
def place() -> Iterator[Place]:
    """A lock, a phone, and the air between them."""
    made = Place()
    yield made
    made.air.close()
