"""No test writes to the data folder of whoever runs it."""

import os
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def _own_data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    before = os.environ.get("LOCKRIG_DATA")
    os.environ["LOCKRIG_DATA"] = str(tmp_path_factory.mktemp("data"))
    yield
    if before is None:
        del os.environ["LOCKRIG_DATA"]
    else:
        os.environ["LOCKRIG_DATA"] = before
