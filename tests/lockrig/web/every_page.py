"""Each page there is, in an order in which they can be reached: for tests, and for the pictures.

As a script it takes the pictures of docs/web.md: `python -m tests.lockrig.web.every_page FOLDER`.
"""

import asyncio
import re
import sys
import tempfile
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.async_api import async_playwright

from lockrig.diagnose.procedure import Step
from lockrig.i18n import LANGUAGES
from tests.lockrig.web.person import GOOD_TAPS, Technician, seen, technician
from tests.lockrig.web.server import launch, serving
from tests.lockrig.web.stocked import stock

SIZES = ((360, 800), (1280, 800))
# But for their words others look like one of them.
ALIKE = re.compile(
    "question-[13567]|before-[13]|label-again|no-such-page|training-(battery|records?|overview)"
)
TWO_REDS = (*GOOD_TAPS, (9_200, "red"))


async def every_page(one: Technician) -> AsyncIterator[str]:
    """The name of the page that is shown now."""
    await one.page.goto(one.served.url)
    yield "start"
    await one.page.goto(one.served.url + "/nowhere")
    yield "no-such-page"
    await one.page.goto(one.served.url + "/diagnose/nobodys")
    yield "no-such-test"
    async for name in _test(one):
        yield name
    for name, answers in (
        ("no-answer", {"red_blinks": "unsure"}),
        ("suspected", {"red_blinks": 0}),
    ):
        await one.hurry("ABC-124")
        seen(one.diagnosis)
        await one.hurry_to_the_end(**answers)
        yield f"do-not-open-{name}"
    await _until_signs(one, "ABC-125")
    await one.act("answer", "yes")
    await one.page.reload()
    yield "do-not-open-danger"
    async for name in _read(one):
        yield name
    await one.page.goto(one.served.url + "/training")
    yield "training"
    await one.page.goto(await one.post("/training", pack="weak"))
    yield "training-label"
    for _again in range(2):
        await one.act("text", one.diagnosis.contact.label)
    for answer in ("yes", "no", "yes"):
        await one.act("answer", answer)
    await one.act("ready")
    await one.page.reload()
    await one.told("start")
    await one.tap("press")
    await one.page.wait_for_selector("#led-green.lit")
    yield "training-watch"


async def _read(one: Technician) -> AsyncIterator[str]:
    """The pages that are only read, of a folder that has something of everything."""
    ids = stock(one.served.site.folder)
    for name, path in (
        ("overview", "overview"),
        ("battery", "overview/READ-1"),
        ("battery-suspected", "overview/SUS-1"),
        ("records", "records"),
        ("record-allowed", f"records/{ids['allowed']}"),
        ("record-damaged", f"records/{ids['damaged']}"),
        ("training-records", "training/records"),
        ("training-record", f"training/records/{ids['training']}"),
        ("training-overview", "training/overview"),
    ):
        await one.page.goto(f"{one.served.url}/{path}")
        yield name


async def _until_signs(one: Technician, label: str) -> None:
    await one.page.goto(await one.post("/diagnose"))
    for _again in range(2):
        await one.act("text", label)
    await one.act("answer", "yes")


async def _test(one: Technician) -> AsyncIterator[str]:
    """One test from its label to a yes."""
    await one.page.goto(await one.post("/diagnose"))
    yield "label"
    await one.act("text", "?")
    await one.page.reload()
    yield "label-refused"
    await one.act("text", "ABC-123")
    await one.page.reload()
    yield "label-again"
    await one.act("text", "ABC-123")
    for number, answer in enumerate(("yes", "no", "yes"), 1):
        await one.page.reload()
        yield f"before-{number}"
        await one.act("answer", answer)
    await one.page.reload()
    yield "pattern"
    await one.act("ready")
    await one.page.reload()
    await one.told("start")
    yield "watch"
    seen(one.diagnosis, TWO_REDS)
    await one.page.wait_for_selector("#over:visible")
    yield "watch-over"
    await one.page.wait_for_selector('main button[value="unsure"]')
    for number, answer in enumerate(("yes", "yes", "no", 2, "yes", "yes", "yes"), 1):
        yield f"question-{number}"
        await one.act("answer", answer)
        await one.page.reload()
    yield "answers"
    # The answers of a made-up watch came too soon; that the watch was long ago is made up, too.
    one.diagnosis.clock = Later(one.diagnosis.clock)
    await one.act("confirm")
    await one.page.reload()
    assert one.diagnosis.procedure.step is Step.END
    yield "may-be-changed"


class Later:
    """A clock that is a minute further."""

    def __init__(self, clock) -> None:
        self._clock = clock

    def ms(self) -> int:
        return self._clock.ms() + 60_000


async def _pictures(folder: Path) -> None:
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        for language in LANGUAGES:
            for width, height in SIZES:
                size = {"width": width, "height": height}
                with (
                    tempfile.TemporaryDirectory() as records,
                    serving(Path(records), spoken=language) as served,
                ):
                    one = await technician(served, browser, viewport=size)
                    async for name in every_page(one):
                        if ALIKE.fullmatch(name):
                            continue
                        whole = "watch" not in name
                        taken = Image.open(BytesIO(await one.page.screenshot(full_page=whole)))
                        path = folder / f"web-{name}-{language}-{width}.png"
                        taken.convert("P", palette=Image.Palette.ADAPTIVE, colors=64).save(
                            path, optimize=True
                        )
                    await one.context.close()
        await browser.close()


if __name__ == "__main__":
    asyncio.run(_pictures(Path(sys.argv[1])))
