"""A sheet of SVG, and the symbols of a circuit on it: what stands where is the caller's.

Lengths are in pixels; a symbol is drawn from its first point, and says where its other end is.
"""

from html import escape

_STYLE = """
text{font-family:DejaVu Sans,Verdana,sans-serif;font-size:13px;fill:#1b1f24}
.small{font-size:11px;fill:#57606a}.bold{font-weight:bold}.title{font-size:22px;font-weight:bold}
.pin{font-weight:bold;fill:#fff}
.w{fill:none;stroke:#1b1f24;stroke-width:1.6}.p{fill:#fff;stroke:#1b1f24;stroke-width:1.6}
.f{fill:#1b1f24;stroke:#1b1f24;stroke-width:1.6}.tile{fill:#fff;stroke:#d0d7de}
.rail{fill:none;stroke:#b42318;stroke-width:1.6}.chip{fill:#0b5563}.head{fill:#eef2f5}
"""


class Ink:
    """One drawing, as it grows."""

    def __init__(self) -> None:
        self._marks: list[str] = []

    def svg(self, width: int, height: int) -> str:
        """All of it."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}">\n<style>{_STYLE}</style>\n'
            f'<rect width="{width}" height="{height}" fill="#f6f8fa"/>\n'
        )
        return head + "\n".join(self._marks) + "\n</svg>\n"

    def mark(self, text: str) -> None:
        """Anything."""
        self._marks.append(text)

    def text(self, x: float, y: float, words: str, *, of: str = "", anchor: str = "start") -> None:
        """Words, with their baseline there."""
        self.mark(
            f'<text x="{x}" y="{y}" class="{of}" text-anchor="{anchor}">{escape(words)}</text>'
        )

    def box(  # noqa: PLR0917 a place and a size
        self, x: float, y: float, w: float, h: float, of: str = "p", r: int = 4
    ) -> None:
        """A rectangle."""
        self.mark(f'<rect x="{x}" y="{y}" width="{w}" height="{h}" rx="{r}" class="{of}"/>')

    def wire(self, *points: tuple[float, float], of: str = "w") -> None:
        """A line through these points."""
        told = " ".join(f"{x},{y}" for x, y in points)
        self.mark(f'<polyline points="{told}" class="{of}"/>')

    def dot(self, x: float, y: float) -> None:
        """Wires that meet here are joined."""
        self.mark(f'<circle cx="{x}" cy="{y}" r="3" class="f"/>')

    def pin(self, x: float, y: float, words: str) -> float:
        """A pin of the board; where its wire begins, to the right."""
        width = 18 + 8 * len(words)
        self.box(x, y - 12, width, 24, "chip", 6)
        self.text(x + width / 2, y + 5, words, of="pin", anchor="middle")
        return x + width

    def rail(self, x: float, y: float, words: str) -> None:
        """A supply, upwards from here."""
        self.wire((x, y), (x, y - 14), of="rail")
        self.wire((x - 9, y - 14), (x + 9, y - 14), of="rail")
        self.text(x, y - 19, words, of="bold", anchor="middle")

    def ground(self, x: float, y: float) -> None:
        """GND, downwards from here."""
        self.wire((x, y), (x, y + 8))
        for at, half in ((8, 10), (12, 6), (16, 2)):
            self.wire((x - half, y + at), (x + half, y + at))

    def across(self, x: float, y: float, words: str, value: str) -> float:
        """A resistor to the right, 60 long; its other end."""
        self.wire((x, y), (x + 12, y))
        self.box(x + 12, y - 7, 36, 14, r=0)
        self.wire((x + 48, y), (x + 60, y))
        self.text(x + 30, y - 12, words, anchor="middle")
        self.text(x + 30, y + 22, value, of="small", anchor="middle")
        return x + 60

    def down(self, x: float, y: float, words: str, value: str) -> float:
        """A resistor downwards, 56 long; its other end."""
        self.wire((x, y), (x, y + 11))
        self.box(x - 7, y + 11, 14, 34, r=0)
        self.wire((x, y + 45), (x, y + 56))
        self.text(x + 13, y + 25, words)
        self.text(x + 13, y + 40, value, of="small")
        return y + 56

    def capacitor(self, x: float, y: float, words: str, value: str) -> float:
        """A capacitor downwards, 56 long; its other end."""
        self.wire((x, y), (x, y + 24))
        self.wire((x - 11, y + 24), (x + 11, y + 24))
        self.wire((x - 11, y + 31), (x + 11, y + 31))
        self.wire((x, y + 31), (x, y + 56))
        self.text(x + 15, y + 24, words)
        self.text(x + 15, y + 39, value, of="small")
        return y + 56

    def led(self, x: float, y: float, words: str, color: str) -> float:
        """A light-emitting diode downwards, 46 long; its other end."""
        self.wire((x, y), (x, y + 10))
        points = f"{x - 10},{y + 10} {x + 10},{y + 10} {x},{y + 28}"
        self.mark(f'<polygon points="{points}" fill="{color}" stroke="#1b1f24"/>')
        self.wire((x - 10, y + 28), (x + 10, y + 28))
        self.wire((x, y + 28), (x, y + 46))
        self.wire((x + 13, y + 12), (x + 21, y + 5))
        self.wire((x + 15, y + 20), (x + 23, y + 13))
        self.text(x + 28, y + 22, words)
        return y + 46

    def diode(self, x: float, y: float, words: str) -> float:
        """A diode to the right, 50 long; its other end."""
        self.wire((x, y), (x + 16, y))
        self.mark(f'<polygon points="{x + 16},{y - 9} {x + 16},{y + 9} {x + 33},{y}" class="f"/>')
        self.wire((x + 33, y - 10), (x + 33, y + 10))
        self.wire((x + 33, y), (x + 50, y))
        self.text(x + 25, y - 15, words, anchor="middle")
        return x + 50

    def contact(self, x: float, y: float, words: str) -> float:
        """A contact to the right, 60 long; its other end."""
        self.wire((x, y), (x + 16, y))
        self.dot(x + 16, y)
        self.wire((x + 16, y), (x + 42, y - 13))
        self.dot(x + 44, y)
        self.wire((x + 44, y), (x + 60, y))
        self.text(x + 68, y + 5, words)
        return x + 60

    def transistor(self, x: float, y: float, words: str, legs: tuple[str, str, str]) -> None:
        """A switch: its gate or base there, the other legs 40 to the right, 30 up and down."""
        self.wire((x, y), (x + 16, y))
        self.wire((x + 16, y - 15), (x + 16, y + 15))
        self.mark(f'<circle cx="{x + 28}" cy="{y}" r="24" class="w"/>')
        self.wire((x + 22, y - 16), (x + 22, y + 16))
        self.wire((x + 22, y - 11), (x + 40, y - 11), (x + 40, y - 30))
        self.wire((x + 22, y + 11), (x + 40, y + 11), (x + 40, y + 30))
        self.text(x + 58, y + 5, words)
        gate, upper, lower = legs
        self.text(x - 4, y - 6, gate, of="small", anchor="end")
        self.text(x + 45, y - 24, upper, of="small")
        self.text(x + 45, y + 34, lower, of="small")

    def block(  # noqa: PLR0917 a place and a size
        self, x: float, y: float, w: float, h: float, words: str, about: str = ""
    ) -> None:
        """A part of many legs."""
        self.box(x, y, w, h)
        self.text(x + w / 2, y + h / 2 + (0 if about else 5), words, of="bold", anchor="middle")
        if about:
            self.text(x + w / 2, y + h / 2 + 16, about, of="small", anchor="middle")
