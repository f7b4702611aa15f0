"""A technician at the pages: reads, types, taps, and does it wrong where a test wants that.

No test in here.
"""

from playwright.async_api import Browser, BrowserContext, Page

from lockrig.web.diagnosis import Diagnosis
from tests.lockrig.diagnose.people import GOOD_ANSWERS
from tests.lockrig.web.server import Served

# After START, in ms: an honest sequence.
GOOD_TAPS = ((1_100, "green"), (4_600, "green"), (7_700, "red"))
BEFORE = ("yes", "no", "yes")
# A page is deaf to a finger this long, so that a double tap answers no question.
SETTLED_MS = 550
# Beyond the watch itself, for a machine that has other things to do.
PATIENCE_MS = 60_000
# Touches a button as a finger does.
TOUCH = """key => {
    const button = document.querySelector(`[data-key=${key}], #${key}`);
    button.dispatchEvent(new PointerEvent("pointerdown", {bubbles: true}));
    button.dispatchEvent(new MouseEvent("click", {bubbles: true}));
}"""


class Technician:
    """One page of one browser."""

    def __init__(self, served: Served, context: BrowserContext, page: Page) -> None:
        self.served = served
        self.context = context
        self.page = page
        self.errors: list[str] = []
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda said: said.type == "error" and self.errors.append(said.text))

    @property
    def diagnosis(self) -> Diagnosis:
        """The server's side of what this page shows."""
        return self.served.site.diagnoses._all[self.page.url.rsplit("/", 1)[-1].split("?")[0]]

    @property
    def exit_code(self) -> int:
        return int(self.diagnosis.procedure.outcome.exit_code)

    async def says_yes(self) -> bool:
        """Whether the page lets anybody open the unit."""
        return await self.page.locator(".go").count() > 0

    # By hand, page by page.

    async def click(self, selector: str, **options: int) -> None:
        """Once the page takes it, and until the next one is there."""
        await self.page.wait_for_timeout(SETTLED_MS)
        async with self.page.expect_navigation():
            await self.page.click(selector, **options)

    async def choose(self, value: object, **options: int) -> None:
        await self.click(f'main button[value="{value}"]', **options)

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
        for answer in BEFORE:
            await self.choose(answer)

    async def stand_ready(self) -> None:
        """From the pattern to START."""
        await self.click('form:has([value="ready"]) button')
        await self.told("start")

    async def answer(self, clicks: int = 1, **other: object) -> None:
        for answer in {**GOOD_ANSWERS, **other}.values():
            await self.choose(answer, click_count=clicks)
        await self.click('form:has([value="confirm"]) button')
        await self.page.wait_for_selector("h1.big")

    # The same without looking at each page.

    async def post(self, path: str, **form: object) -> str:
        """A form as the pages send it; where it leads to."""
        sent = {key: str(value) for key, value in form.items()}
        headers = {"Origin": self.served.url}
        answer = await self.page.request.post(
            self.served.url + path, form=sent, headers=headers, max_retries=2
        )
        return answer.url

    async def act(self, what: str, value: object = "") -> None:
        diagnosis = self.diagnosis
        await self.post(f"/diagnose/{diagnosis.name}", turn=diagnosis.turn, what=what, value=value)

    async def hurry(self, label: str) -> None:
        """To START at once."""
        await self.page.goto(await self.post("/diagnose"))
        for _again in range(2):
            await self.act("text", label)
        for answer in BEFORE:
            await self.act("answer", answer)
        await self.act("ready")
        await self.page.reload()
        await self.told("start")

    async def hurry_to_the_end(self, **other: object) -> None:
        for answer in {**GOOD_ANSWERS, **other}.values():
            await self.act("answer", answer)
        await self.act("confirm")
        await self.page.reload()
        await self.page.wait_for_selector("h1.big")

    # The watch.

    async def told(self, step: str) -> None:
        await self.page.wait_for_function(
            """step => {
                const told = document.getElementById("told");
                return told && told.textContent === told.dataset[step];
            }""",
            arg=step,
            polling=20,
        )

    async def tap(self, key: str) -> None:
        await self.page.evaluate(TOUCH, key)

    async def start(self) -> None:
        await self.tap("start")
        await self.told("watch")

    async def taps(self, taps=GOOD_TAPS) -> None:
        """After START; the page's own clock tells when."""
        await self.page.evaluate(
            f"""taps => new Promise(done => {{
                for (const [ms, key] of taps) setTimeout({TOUCH}, ms, key);
                setTimeout(done, taps.at(-1)[0] + 100);
            }})""",
            [list(tap) for tap in taps],
        )

    async def watch_the_unit(self) -> int:
        """In training: press, and tap what its lights do; how often red blinked."""
        await self.page.evaluate(
            f"""() => new Promise(done => {{
                const lit = (name) => document.getElementById(name).matches(".lit");
                let green = false, red = false;
                window.reds = 0;
                new MutationObserver(() => {{
                    if (lit("led-green") !== green) setTimeout({TOUCH}, 300, "green");
                    if (lit("led-red") && !red) {{ reds++; setTimeout({TOUCH}, 300, "red"); }}
                    green = lit("led-green");
                    red = lit("led-red");
                }}).observe(document.querySelector(".unit"), {{subtree: true, attributes: true}});
                setTimeout({TOUCH}, 300, "press");
                setTimeout(done, 20000);
            }})"""
        )
        return await self.page.evaluate("reds")

    async def over(self) -> None:
        """Wait for the questions."""
        await self.page.wait_for_selector('main button[value="unsure"]')


async def technician(served: Served, browser: Browser, **options: object) -> Technician:
    """In a browser context of its own, the size of a telephone."""
    context = await browser.new_context(
        **{"viewport": {"width": 360, "height": 800}, "has_touch": True, **options}
    )
    return Technician(served, context, await context.new_page())


def seen(diagnosis: Diagnosis, taps=GOOD_TAPS) -> None:
    """The watch is over at once: for tests that look at the pages after it."""
    begun = diagnosis.clock.ms()
    diagnosis.keeping.tap("start", begun)
    for t_ms in range(0, 32_100, 100):
        for tap_ms, key in taps:
            if t_ms == tap_ms:
                diagnosis.keeping.tap(key, begun + t_ms)
        diagnosis.procedure.turn(begun + t_ms)
