"""A technician at the pages: reads, types, taps, and does it wrong where a test wants that.

No test in here.
"""

import asyncio

from playwright.async_api import BrowserContext, Page

from tests.lockrig.diagnose.people import GOOD_ANSWERS
from tests.lockrig.web.server import Served

# After START, in ms: an honest sequence. Both green taps, one red.
GOOD_TAPS = ((1_100, "green"), (4_600, "green"), (7_700, "red"))
# A page is deaf to a finger this long, so that a double tap answers no question.
SETTLED_MS = 550


class Technician:
    """One page of one browser."""

    def __init__(self, served: Served, context: BrowserContext, page: Page) -> None:
        self.served = served
        self.context = context
        self.page = page
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda said: said.type == "error" and self.errors.append(said.text))

    @property
    def diagnosis(self):
        """The server's side of what this page shows."""
        return self.served.site.diagnoses._all[self.page.url.rsplit("/", 1)[-1]]

    async def click(self, selector: str) -> None:
        """Once the page takes it."""
        await self.page.wait_for_timeout(SETTLED_MS)
        await self.page.click(selector)
        await self.page.wait_for_load_state()

    async def choose(self, value: object) -> None:
        await self.click(f'main button[value="{value}"]')

    async def begin(self, label: str) -> None:
        """From the start page to the pattern."""
        await self.page.goto(self.served.url)
        await self.click('form[action="/diagnose"] button')
        await self.prepare(label)

    async def begin_training(self, pack: str) -> None:
        await self.page.goto(self.served.url + "/training")
        await self.choose(pack)
        await self.prepare(self.diagnosis.contact.label)

    async def prepare(self, label: str) -> None:
        for _again in range(2):
            await self.page.fill("#value", label)
            await self.click("main form:has(#value) button")
        for answer in ("yes", "no", "yes"):
            await self.choose(answer)

    async def stand_ready(self) -> None:
        """From the pattern to START."""
        await self.click('form:has([value="ready"]) button')
        await self.page.wait_for_function(
            "() => told.textContent === told.dataset.start", polling=50
        )

    async def tap(self, key: str) -> None:
        await self.page.dispatch_event(f'[data-key="{key}"]', "pointerdown")
        await self.page.dispatch_event(f'[data-key="{key}"]', "click")

    async def start(self) -> None:
        await self.tap("start")
        await self.page.wait_for_function(
            "() => told.textContent === told.dataset.watch", polling=20
        )

    async def taps(self, taps=GOOD_TAPS) -> None:
        """After START; the page's own clock tells when."""
        await self.page.evaluate(
            """taps => new Promise(done => {
                const from = performance.now();
                for (const [ms, key] of taps) setTimeout(() => {
                    const button = document.querySelector(`[data-key=${key}]`);
                    button.dispatchEvent(new PointerEvent("pointerdown", {bubbles: true}));
                    button.dispatchEvent(new MouseEvent("click", {bubbles: true}));
                }, ms - (performance.now() - from));
                setTimeout(done, taps.at(-1)[0] + 100);
            })""",
            [list(tap) for tap in taps],
        )

    async def watch_the_unit(self) -> None:
        """In training: press, and tap what its lights do, until the watch is over."""
        await self.page.evaluate(
            """() => new Promise(done => {
                const tap = (key) => setTimeout(() =>
                    document.querySelector(`[data-key=${key}]`)
                        .dispatchEvent(new PointerEvent("pointerdown", {bubbles: true})), 300);
                let green = false, red = false;
                new MutationObserver(() => {
                    const now = document.getElementById("led-green").matches(".lit");
                    if (now !== green) tap("green");
                    green = now;
                    const lit = document.getElementById("led-red").matches(".lit");
                    if (lit && !red) tap("red");
                    window.reds = (window.reds || 0) + (lit && !red);
                    red = lit;
                }).observe(document.querySelector(".unit"), {subtree: true, attributes: true});
                setTimeout(() => press.dispatchEvent(
                    new PointerEvent("pointerdown", {bubbles: true})), 300);
                setTimeout(done, 25000);
            })"""
        )

    async def over(self) -> None:
        """Wait for the questions."""
        await self.page.wait_for_selector('main button[value="unsure"]', timeout=60_000)

    async def answer(self, **other: object) -> None:
        for answer in {**GOOD_ANSWERS, **other}.values():
            await self.choose(answer)
        await self.click('form:has([value="confirm"]) button')
        await self.page.wait_for_selector("h1.big")

    @property
    def exit_code(self) -> int:
        return int(self.diagnosis.procedure.outcome.exit_code)

    async def says_yes(self) -> bool:
        """Whether the page lets anybody open the unit."""
        return await self.page.locator(".go").count() > 0


async def technician(served: Served, browser, **options) -> Technician:
    """In a browser context of its own, the size of a telephone."""
    context = await browser.new_context(
        viewport={"width": 360, "height": 800}, has_touch=True, **options
    )
    return Technician(served, context, await context.new_page())


async def together(*jobs):
    """All at once: each takes half a minute of real time."""
    return await asyncio.gather(*jobs)
