"""What can be done to a virtual board's world from the keyboard, one line each."""

from collections.abc import Callable

from locksim.packs.fixed import PACKS
from locksim.packs.make import PackSpec
from locksim.world import World

_WORDS: dict[str, tuple[str, Callable[[World, str], object]]] = {
    "press": ("press the button", lambda world, _: world.press()),
    "pack": (
        f"put in a pack: {', '.join(PACKS)}; or cells by their mV, as 2000+3000",
        lambda world, word: world.set_pack(_pack(word)),
    ),
    "door": ("closed, open or unknown", lambda world, word: world.set_door(word)),
    "turn": ("the thumb-turn, to locked or unlocked", lambda world, word: world.thumb_turn(word)),
    "supply": ("battery, external or unknown", lambda world, word: world.set_supply(word)),
    "jam": (
        "the bolt at 0 (locked) to 1000, or none",
        lambda world, word: world.jam(None if word == "none" else int(word)),
    ),
    "cut": ("the power for so many seconds", lambda world, word: world.power_cut(int(word) * 1000)),
    "reset": ("soft, watchdog, brown-out or power", lambda world, word: world.reset(word)),
    "look": ("at LEDs, bolt, door and pack", lambda world, _: _seen(world)),
}
_ALONE = ("press", "look")
HELP = "\n".join(f"  {word:8}{tells}" for word, (tells, _) in _WORDS.items())


def _pack(word: str) -> PackSpec:
    """By its name, or cells of so many mV each, as a laboratory's supply would be."""
    cells = word.split("+")
    if all(cell.isascii() and cell.isdigit() and len(cell) <= 5 for cell in cells):
        return [(int(cell), 300) for cell in cells]
    return word


def _seen(world: World) -> str:
    channels = ("led.green", "led.red", "motor", "bolt", "door", "battery.mv", "power.source")
    return ", ".join(f"{ch} {world.recorder.shown[ch]}" for ch in channels)


def act(world: World, words: list[str]) -> str:
    """Do what these words say; what came of it, or what is wrong with them."""
    word, rest = words[0], words[1:]
    if word not in _WORDS or len(rest) != (0 if word in _ALONE else 1):
        return f"expected one of these, with what it needs:\n{HELP}"
    try:
        told = _WORDS[word][1](world, rest[0] if rest else "")
        world.run()
    except ValueError as error:
        return str(error)
    return told if isinstance(told, str) else "done"
