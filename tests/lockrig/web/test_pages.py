"""Every page, in both languages, on a telephone: what it must say, who can read it, what fits."""

import asyncio
import json
import random
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.async_api import Error, async_playwright

from lockrig.i18n import LANGUAGES, _, language, speak
from tests.full import FULL
from tests.lockrig.web.every_page import every_page
from tests.lockrig.web.person import Technician, technician
from tests.lockrig.web.server import DESK, launch, serving

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
# With contrast of 7 to 1, for sunlight.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "wcag2aaa", "best-practice"]}
LOOK = """() => ({
    text: document.body.innerText,
    wide: document.documentElement.scrollWidth - innerWidth,
    small: [...document.querySelectorAll("button, a, input")]
        .filter(one => one.offsetParent && one.getBoundingClientRect().height < 44)
        .map(one => one.outerHTML),
    lang: document.documentElement.lang,
    title: document.title,
    foreign: performance.getEntriesByType("resource").map(one => one.name)
        .filter(name => !name.startsWith(location.origin)),
})"""


async def _look(folder: Path) -> dict[tuple[str, str], dict]:
    found = {}
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        for spoken in LANGUAGES:
            with serving(folder / spoken, spoken=spoken) as served:
                one = await technician(served, browser)
                async for name in every_page(one):
                    seen = await one.page.evaluate(LOOK)
                    found[spoken, name] = {**seen, "errors": list(one.errors)}
                    # In one language: but for their words the pages are the same.
                    if FULL or spoken == LANGUAGES[0]:
                        found[spoken, name]["axe"] = await _axe(one)
                    one.errors.clear()
        await browser.close()
    return found


async def _axe(one: Technician) -> list[object]:
    await one.page.evaluate(AXE)
    said = await one.page.evaluate(f"axe.run(document, {json.dumps(RULES)})")
    return [
        (each["id"], each["impact"], [node["html"] for node in each["nodes"]])
        for each in said["violations"]
    ]


def _check(pages: dict[str, dict], subtests) -> None:
    """What holds in the language that is spoken."""

    def those(check) -> set[str]:
        return {name for name, seen in pages.items() if check(seen)}

    def shows(text: str) -> set[str]:
        return those(lambda seen: text in seen["text"])

    training = {name for name in pages if name.startswith("training")}
    stops = {name for name in pages if name.startswith(("do-not-open", "may-be", "no-such"))}
    with subtests.test("every page but a yes says: do not open"):
        assert set(pages) - shows(_("DO NOT OPEN")) == {"may-be-changed"}
    with subtests.test("every page says that it isn't certified"):
        foot = "Not certified, not any vendor's product. The care provider's own routine prevails."
        assert shows(_(foot)) == set(pages)
    with subtests.test("training is marked on every page, and nothing else is"):
        assert those(lambda seen: seen["text"].startswith(_("TRAINING"))) == training
        assert those(lambda seen: seen["title"].startswith(_("TRAINING"))) == training
    with subtests.test("every stop says whom to call"):
        assert stops - (shows(DESK.phone) & shows(DESK.email)) == set()
    with subtests.test("the pattern is shown before and after, and never during the watch"):
        line = _("2. The green light comes on at once.").split(" ", 1)[1]
        after = {"may-be-changed", "do-not-open-no-answer", "do-not-open-suspected"}
        assert shows(line) == {"pattern", *after}
    with subtests.test("nothing is too wide for a telephone, or too small for a finger"):
        assert those(lambda seen: seen["wide"] > 0) == set()
        assert {name: seen["small"] for name, seen in pages.items() if seen["small"]} == {}
    with subtests.test("everything comes from this server, and nothing stumbles"):
        assert those(lambda seen: seen["foreign"]) == set()
        # The status itself.
        assert those(lambda seen: seen["errors"]) == {"no-such-page", "no-such-test"}
    with subtests.test("one language"):
        assert {seen["lang"] for seen in pages.values()} == {language()}


def test_every_page(tmp_path, subtests) -> None:
    """One test: to go through them takes longer than to look at them."""
    looks = asyncio.run(_look(tmp_path))
    assert len(looks) > 50
    before = language()
    for spoken in LANGUAGES:
        speak(spoken)
        _check({name: seen for (tongue, name), seen in looks.items() if tongue == spoken}, subtests)
    speak(before)
    with subtests.test("axe finds nothing"):
        looked = {page: seen["axe"] for page, seen in looks.items() if "axe" in seen}
        assert len(looked) > 25
        assert {page: wrong for page, wrong in looked.items() if wrong} == {}


class Monkey:
    """Taps and types whatever is there, and goes to and fro."""

    def __init__(self, one: Technician, seed: int) -> None:
        self.one = one
        self.dice = random.Random(seed)
        one.page.set_default_timeout(1_500)

    async def move(self) -> None:
        page = self.one.page
        which = self.dice.choice(["tap"] * 12 + ["twice", "back", "reload", "key", "start"])
        if which in ("tap", "twice"):
            await self.tap(2 if which == "twice" else 1)
        elif which == "back":
            await page.go_back()
        elif which == "reload":
            await page.reload()
        elif which == "key":
            await page.keyboard.press(self.dice.choice([" ", "g", "r", "u", "Enter"]))
        else:
            await page.goto(self.one.served.url)
        await page.wait_for_load_state()

    async def tap(self, times: int) -> None:
        for field in await self.one.page.locator("#value").all():
            await field.fill(self.dice.choice(["ABC-1", "ABC-2", "<b>&", "å" * 40]))
        there = self.one.page.locator("button:visible, a:not([href*=':']):visible")
        await self.one.page.wait_for_timeout(self.dice.choice([0, 550]))
        which = there.nth(self.dice.randrange(max(1, await there.count())))
        await which.click(click_count=times)


async def _live(folder: Path, seed: int, moves: int) -> tuple[list[str], list[str]]:
    """Where a monkey was told a yes, and what broke."""
    told, broken = [], []
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        with serving(folder) as served:
            one = await technician(served, browser)
            monkey = Monkey(one, seed)
            await one.page.goto(served.url)
            for _move in range(moves):
                try:
                    await monkey.move()
                    if await one.says_yes():
                        told.append(one.page.url)
                except (TimeoutError, Error) as error:  # a button that went away meanwhile
                    if "Timeout" not in str(error) and "ERR_ABORTED" not in str(error):
                        broken.append(str(error))
            ends = [each.procedure.outcome for each in served.site.diagnoses._all.values()]
            told += [end.unit for end in ends if end.exit_code == 0]
            broken += [each for each in one.errors if "404" not in each]
        await browser.close()
    return told, broken


@pytest.mark.parametrize("seed", range(20 if FULL else 1))
def test_whatever_is_tapped_without_a_watch_is_no_yes(tmp_path, seed: int) -> None:
    told, broken = asyncio.run(_live(tmp_path, seed, 200 if FULL else 25))
    assert told == []
    assert broken == []
