"""What users read, in Swedish or English: picks the language and looks messages up by gettext.

The messages themselves stand where they are shown, in English; the Swedish ones in `locale/`. What
goes into records, traces and JSON is no business of this file: that stays English.
"""

import gettext
import locale
from collections.abc import Mapping
from contextvars import ContextVar
from functools import cache
from pathlib import Path

LANGUAGES = ("sv", "en")
DOMAIN = "lockrig"
LOCALE_DIR = Path(__file__).parent / "locale"

_spoken: ContextVar[str] = ContextVar("spoken", default="en")


def choose(wanted: str | None, environ: Mapping[str, str]) -> str:
    """The language to speak: `wanted`, else the locale's if that is Swedish, else English."""
    if wanted in LANGUAGES:
        return wanted
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if environ.get(name):
            return "sv" if _is_swedish(environ[name]) else "en"
    # Windows sets none of these, but knows where it is.
    return "sv" if _is_swedish(locale.getlocale()[0] or "") else "en"


def _is_swedish(name: str) -> bool:
    return name.lower() == "sv" or name.lower().startswith(("sv_", "sv-", "sv.", "sv:", "swedish"))


def speak(language: str) -> None:
    """From here on (in this context) messages come in `language`, one of LANGUAGES."""
    if language not in LANGUAGES:
        raise ValueError(f"expected one of {', '.join(LANGUAGES)}, got {language!r}")
    _spoken.set(language)


def language() -> str:
    """The language that is spoken now."""
    return _spoken.get()


@cache
def _catalogue(spoken: str) -> gettext.NullTranslations:
    # English is the messages themselves; a missing Swedish catalogue is a broken installation,
    # and half a safety text in another language is worse than an error.
    if spoken == "en":
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, LOCALE_DIR, [spoken])


def _(message: str) -> str:
    """`message` in the language that is spoken."""
    return _catalogue(_spoken.get()).gettext(message)


def later(message: str) -> str:
    """Marks a message for the catalogue that `_` will look up when it is shown."""
    return message
