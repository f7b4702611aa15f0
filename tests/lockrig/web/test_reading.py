"""The pages that are only read: batteries and records; history, and nothing of a foreign path."""

import io
import json
import re
import zipfile
from datetime import timedelta

import pytest

from lockrig.records.record import stamp, unstamp
from lockrig.records.times import local
from lockrig.web.pages import records, start
from tests.lockrig.web.server import DESK, Answer, serving
from tests.lockrig.web.stocked import HOSTILE, stock

YES = re.compile(r"may be changed(?! is decided)|får bytas(?!,? avgör)|MAY BE CHANGED|FÅR BYTAS")
# Of each page alike: what must be before a yes.
BEFORE = (
    "Until this program says that the battery may be changed",
    "whether a battery may be changed is decided",
    "May this battery be changed",
)


class Pages:
    """A browser that was let in."""

    def __init__(self, folder, served) -> None:
        self.ids = stock(folder)
        self.served = served

    def get(self, path: str, lang: str = "en") -> Answer:
        return Answer(self.served, "GET", path, {"Cookie": f"lockrig_language={lang}"})

    def text(self, path: str, lang: str = "en") -> str:
        got = self.get(path, lang)
        assert got.status == 200, path
        return got.text

    def every(self) -> list[str]:
        """The addresses of all that is shown."""
        units = ("SUS-1", "OLD-1", "FRESH-1", "DAM-1", "NOW-1", "READ-1", "GOOD-1", "AHEAD-1")
        kept = [f"/records/{self.ids[what]}" for what in self.ids if what != "training"]
        trained = f"/training/records/{self.ids['training']}"
        return [
            *("/overview", "/records", "/training/overview", "/training/records"),
            *(f"/overview/{unit}" for unit in units),
            *(*kept, trained, "/training/overview/SIM-1"),
        ]


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> Pages:
    folder = tmp_path_factory.mktemp("records")
    with serving(folder) as served:
        yield Pages(folder, served)


def test_no_page_that_is_read_says_yes(pages: Pages) -> None:
    """DIAG: only the page of a diagnosis ever does, and within its time."""
    for path in pages.every():
        for lang, stop in (("en", "DO NOT OPEN"), ("sv", "ÖPPNA INTE")):
            text = pages.text(path, lang)
            assert stop in text, path
            assert 'class="go' not in text, path
            assert str(pages.served.site.folder) not in text, path
            assert ' go"' not in text, path
            for known in (*BEFORE, "om ett batteri får bytas", "Om batteriet får bytas"):
                text = text.replace(known, "")
            assert not YES.search(text), (path, YES.search(text))


def test_what_was_allowed_is_history_with_its_time(pages: Pages) -> None:
    for what in ("allowed", "fresh"):
        ident = pages.ids[what]
        [entry] = [
            each["at"]
            for each in [json.loads(pages.text(f"/records/{ident}.json"))]
            if each["verdict"] == "allowed"
        ]
        until = local(unstamp(stamp(unstamp(entry) + timedelta(minutes=30))))
        assert f"THE CHANGE WAS ALLOWED UNTIL {until}" in pages.text(f"/records/{ident}")
        assert f"was allowed until {until}; it says nothing of now" in pages.text("/records")
        assert f"var tillåtet till {until}; det säger ingenting om nu" in pages.text(
            "/records", "sv"
        )


def test_batt_1_the_worst_comes_first_and_old_is_told_as_old(pages: Pages) -> None:
    text = pages.text("/overview")
    found = re.findall(r'<h3><a href="/overview/([^"]+)"', text)
    worst = {"SUS-1", "DAM-1"}
    assert worst <= set(found[: found.index("NOW-1")])
    assert found.index("NOW-1") < found.index("AIR-1") < found.index("STALE-1")
    assert found.index("STALE-1") < found.index("GOOD-1")
    assert {"STALE-1", "AHEAD-1"} <= set(found[found.index("AIR-1") : found.index("GOOD-1")])
    cards = dict(zip(found, text.split("<h3>")[1:], strict=True))
    assert "change now (old)" in cards["NOW-1"]
    assert "9 d ago" in cards["STALE-1"]
    assert "isn't known" in cards["STALE-1"].replace("&#39;", "'")
    assert "from the future" in cards["AHEAD-1"]
    assert "K-7" in cards["STALE-1"]
    assert DESK.phone in text
    assert DESK.email in text
    assert "SIM-1" not in text


def test_batt_1_one_unit_has_its_drawing_and_its_reasons(pages: Pages) -> None:
    text = pages.text("/overview/READ-1")
    assert text.count("<circle") == 18
    assert "style=" not in text
    assert "Expected change" in text
    suspected = pages.text("/overview/SUS-1")
    assert DESK.phone in suspected
    assert "fault text" in suspected


def test_batt_1_the_start_page_counts(pages: Pages, monkeypatch) -> None:
    counted = re.search(r'class="summary">(.*?)<', pages.text("/"))
    assert counted
    suspected = pages.text("/overview").split("<h3>")[0].count("SUS-1")
    assert suspected == 1
    assert re.search(r"9 units|1[0-9] units", counted[1])
    assert "1 to be changed now" in counted[1]
    monkeypatch.setattr(start, "SUMMARY_S", 0)
    assert "takes long" in pages.text("/")


def test_records_that_cant_be_read_keep_nobody_from_the_diagnosis(tmp_path) -> None:
    stock(tmp_path)
    (tmp_path / "units").rename(tmp_path / "away")
    (tmp_path / "units").write_text("a file in a folder's place")
    with serving(tmp_path) as served:
        first = Answer(served, "GET", "/")
        assert first.status == 200
        assert "can&#39;t be read" in first.text
        assert 'action="/diagnose"' in first.text
        for path in ("/overview", "/records"):
            told = Answer(served, "GET", path)
            assert told.status == 500
            assert DESK.phone in told.text


def test_the_list_is_chosen_from(pages: Pages) -> None:
    def shown(query: str) -> set[str]:
        return set(re.findall(r'href="/records/([^".]+)"', pages.text(f"/records?{query}")))

    assert shown("") == {pages.ids[what] for what in pages.ids if what != "training"}
    assert shown("unit=sus-1") == {pages.ids["suspected"]}
    assert shown("verdict=allowed") == {pages.ids["allowed"], pages.ids["fresh"]}
    assert shown("unit=OLD-1&verdict=suspected") == set()
    for nothing in ("unit=../units", "unit=%00", "verdict=x", "unit=" + "A" * 900, "unit=SIM-1"):
        assert shown(nothing) == set(), nothing


def test_a_long_list_shows_the_newest(pages: Pages, monkeypatch) -> None:
    monkeypatch.setattr(records, "MOST", 2)
    text = pages.text("/records")
    assert text.count('<li class="card') == 2
    assert "The newest 2 of 5" in text


def test_damaged_and_missing_files_are_told(pages: Pages) -> None:
    text = pages.text("/records")
    assert "Damaged or missing: 2" in text
    assert text.count("The file isn&#39;t whole.") == 2
    assert text.count("The file is whole.") == 3
    for what, word in (("damaged", "DAMAGED"), ("missing", "FILE MISSING")):
        one = pages.text(f"/records/{pages.ids[what]}")
        assert word in one
        assert DESK.phone in one
        assert json.loads(pages.text(f"/records/{pages.ids[what]}.json"))["contents"] is None


def test_training_is_marked_and_apart(pages: Pages) -> None:
    ident = pages.ids["training"]
    assert ident not in pages.text("/records")
    assert pages.get(f"/records/{ident}").status == 404
    assert pages.get(f"/records/{ident}.json").status == 404
    assert pages.get("/overview/SIM-1").status == 404
    for path in (
        *("/training/records", f"/training/records/{ident}"),
        *("/training/overview", "/training/overview/SIM-1"),
    ):
        for lang, mark in (("en", "TRAINING"), ("sv", "ÖVNING")):
            assert f'<p class="mark">{mark}</p>' in pages.text(path, lang), path
    assert pages.get(f"/training/records/{pages.ids['allowed']}").status == 404
    assert "/training/records" in pages.text("/training")


def test_downloads(pages: Pages) -> None:
    for path in ("/overview.xlsx", "/overview/SUS-1.xlsx", "/training/overview.xlsx"):
        got = pages.get(path)
        assert got.headers["Content-Disposition"].startswith('attachment; filename="lockrig-')
        assert zipfile.ZipFile(io.BytesIO(got.data)).testzip() is None
    table = zipfile.ZipFile(io.BytesIO(pages.get("/overview.xlsx").data))
    told = table.read("xl/sharedStrings.xml").decode()
    assert told.index("SUS-1") < told.index("NOW-1") < told.index("AHEAD-1")  # the worst first
    one = pages.get(f"/records/{pages.ids['suspected']}.json")
    assert one.headers["Content-Type"] == "application/json"
    assert json.loads(one.text)["contents"]["record"]["unit"] == "SUS-1"


FOREIGN = [
    *("..", "../", "..%2f..%2fetc%2fpasswd", "%2e%2e%2f", "..%5c..%5c", "%00", "a%00.json"),
    *("%2fetc%2fpasswd", "index.sqlite", "open-NOBODY", "SUS-2", "sus-1", "A" * 5_000),
    *("%ff%fe", "%F0%9F%94%92", "*", "'%20OR%201=1--", "C:%5c", "con", "%0d%0aSet-Cookie:%20a=b"),
    *("units%2funit-SUS-1", "unit-SUS-1", "20261201T000000Z-00000000"),
]


@pytest.mark.parametrize("name", FOREIGN, ids=range(len(FOREIGN)))
def test_an_address_never_becomes_a_path(pages: Pages, name: str) -> None:
    for at in ("/overview", "/records", "/training/overview", "/training/records"):
        for end in ("", ".json", ".xlsx"):
            got = pages.get(f"{at}/{name}{end}")
            if got.status == 307:  # of a slash at the end: the same without, here
                assert got.headers["Location"].startswith(f"{pages.served.url}{at}/")
            else:
                assert got.status == 404, (at, name, end)
            assert "Set-Cookie: a" not in str(got.headers)


def test_what_a_unit_claims_is_text(pages: Pages) -> None:
    for path in ("/overview", "/overview/GOOD-1"):
        text = pages.text(path)
        assert HOSTILE not in text
        assert "<script>alert" not in text
        assert "\u202e" not in text


def test_they_are_behind_the_guard(pages: Pages) -> None:
    with serving(pages.served.site.folder, token="a-token-for-tests") as closed:
        for path in (*pages.every(), "/overview.xlsx", f"/records/{pages.ids['allowed']}.json"):
            assert Answer(closed, "GET", path).status == 403, path
    rebound = {"Host": f"evil.example:{pages.served.port}"}
    for path in pages.every():
        policy = pages.get(path).headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert " style" not in re.sub("<[^>]*stylesheet[^>]*>", "", pages.text(path)), path
        assert "<style" not in pages.text(path)
        assert Answer(pages.served, "GET", path, rebound).status == 403
        assert Answer(pages.served, "POST", path, {"Origin": pages.served.url}).status == 405
