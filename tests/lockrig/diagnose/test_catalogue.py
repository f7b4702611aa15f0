"""The Swedish catalogue: complete, fresh, compiled from what stands in it, and in use."""

import ast
import string
from pathlib import Path

import pytest
from babel.messages import mofile, pofile
from babel.messages.extract import extract_from_dir

import lockrig
from lockrig.i18n import DOMAIN, LOCALE_DIR, _, choose, language, speak

PACKAGE = Path(lockrig.__file__).parent
FOLDER = LOCALE_DIR / "sv" / "LC_MESSAGES"
UPDATE = "docs/diagnose.md says how the catalogue is brought up to date"


@pytest.fixture
def swedish():
    with (FOLDER / f"{DOMAIN}.po").open("rb") as file:
        return pofile.read_po(file, "sv")


def in_the_source() -> set[str]:
    found = extract_from_dir(
        PACKAGE,
        [("**.py", "python"), ("**.html.j2", "jinja2")],
        keywords={"_": None, "later": None},
        strip_comment_tags=True,
    )
    return {message for _file, _line, message, _comments, _context in found}


def test_every_message_is_translated_and_no_other(swedish) -> None:
    assert {m.id for m in swedish if m.id} == in_the_source(), UPDATE
    assert [m.id for m in swedish if not m.string or m.fuzzy] == []


def test_the_compiled_catalogue_is_the_written_one(swedish) -> None:
    with (FOLDER / f"{DOMAIN}.mo").open("rb") as file:
        compiled = mofile.read_mo(file)
    assert {m.id: m.string for m in compiled if m.id} == {m.id: m.string for m in swedish if m.id}


def test_translations_have_the_same_places_to_fill_in(swedish) -> None:
    def places(text: str) -> list[str]:
        return sorted(name for _t, name, _f, _c in string.Formatter().parse(text) if name)

    assert [m.id for m in swedish if m.id and places(m.id) != places(m.string)] == []


def test_no_message_hides_in_an_f_string() -> None:
    # There the extraction wouldn't find it.
    hidden = [
        (path.name, call.lineno)
        for path in PACKAGE.rglob("*.py")
        for joined in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(joined, ast.JoinedStr)
        for call in ast.walk(joined)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "_"
        and isinstance(call.args[0], ast.Constant)
    ]
    assert hidden == []


@pytest.mark.parametrize(
    ("wanted", "environ", "spoken"),
    [
        ("sv", {"LANG": "en_GB.UTF-8"}, "sv"),
        ("en", {"LANG": "sv_SE.UTF-8"}, "en"),
        (None, {"LANG": "sv_SE.UTF-8"}, "sv"),
        (None, {"LANG": "sv"}, "sv"),
        (None, {"LANG": "svk"}, "en"),
        (None, {"LANG": "de_DE"}, "en"),
        (None, {"LC_ALL": "C", "LANG": "sv_SE"}, "en"),
        (None, {"LC_ALL": "", "LC_MESSAGES": "sv_FI", "LANG": "en_US"}, "sv"),
        (None, {"LANGUAGE": "sv:en", "LC_ALL": "en_US"}, "sv"),
    ],
)
def test_the_language_is_the_wanted_one_else_the_locales(
    wanted: str | None, environ: dict[str, str], spoken: str
) -> None:
    assert choose(wanted, environ) == spoken


def test_messages_come_in_the_language_that_is_spoken() -> None:
    before = language()
    try:
        speak("sv")
        assert _("DO NOT OPEN") == "ÖPPNA INTE"
        speak("en")
        assert _("DO NOT OPEN") == "DO NOT OPEN"
    finally:
        speak(before)


def test_there_is_no_third_language() -> None:
    with pytest.raises(ValueError, match="sv, en"):
        speak("no")
