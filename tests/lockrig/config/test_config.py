"""The configuration: both ways to the service desk, or a line that says what to write where."""

from pathlib import Path

import pytest

from lockrig import config
from lockrig.errors import LockrigError


def loaded(tmp_path: Path, text: str) -> config.Config:
    file = tmp_path / "lockrig.toml"
    file.write_text(text, "utf-8")
    return config.load(file)


def test_the_example_is_good(tmp_path: Path) -> None:
    desk = config.service_desk(loaded(tmp_path, config.EXAMPLE))
    assert (desk.phone, desk.email) == ("0123-456 78", "servicedesk@example.org")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("service_desk", "TOML"),
        ("[servicedesk]", "servicedesk"),
        ("service_desk = 1", "service_desk"),
        ("[service_desk]\nphone='0123 45'\nemail='a@b.se'\nfax='1'", "service_desk.fax"),
        ("[service_desk]\nphone='0123 45'", "email"),
        ("[service_desk]\nphone=12345\nemail='a@b.se'", "phone"),
        ("[service_desk]\nphone='ring oss'\nemail='a@b.se'", "phone"),
        ("[service_desk]\nphone='0123 45'\nemail='a b@c.se'", "email"),
        ("[service_desk]\nphone=''\nemail='a@b.se'", "phone"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(LockrigError, match=named) as raised:
        loaded(tmp_path, text)
    assert raised.value.exit_code == 2


@pytest.mark.parametrize("exists", [True, False])
def test_without_a_service_desk_it_says_what_to_write_and_where(
    tmp_path: Path, exists: bool
) -> None:
    file = tmp_path / "lockrig.toml"
    if exists:
        file.write_text("")
    with pytest.raises(LockrigError) as raised:
        config.service_desk(config.load(file))
    assert raised.value.exit_code == 2
    assert str(file) in str(raised.value)
    assert config.EXAMPLE.strip() in str(raised.value)


def test_where_it_is_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(config.VARIABLE, raising=False)
    assert config.locate().is_absolute()
    Path(config.NAME).write_text("")
    assert config.locate() == Path(config.NAME)
    monkeypatch.setenv(config.VARIABLE, "elsewhere.toml")
    assert config.locate() == Path("elsewhere.toml")
    assert config.locate(Path("given.toml")) == Path("given.toml")
