"""One unit in detail: facts, levels over time, readings beside their limits, changes, attempts.

The same for the terminal, the page, Excel and JSON; how it looks is theirs.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from lockrig.i18n import _
from lockrig.overview import words
from lockrig.overview.cells import as_time, warm_mv
from lockrig.overview.command import unit_document
from lockrig.overview.outlook import Outlook
from lockrig.overview.seen import Observation
from lockrig.overview.standing import Stand
from lockrig.records import words as record_words
from lockrig.records.entry import Entry
from lockrig.records.record import stamp
from lockrig.records.times import day, local

if TYPE_CHECKING:
    from locksim.packs.load import PackKind


@dataclass(slots=True)
class Details:
    """All that is told of one unit, with its kind of pack, at the time `now`."""

    made: Stand
    ahead: Outlook
    kind: "PackKind"
    entries: list[Entry]
    now: datetime
    training: bool
    """Readings of the unit's own journal, when and as at 20 C."""
    journal: list[tuple[datetime, int]]

    def facts(self) -> list[tuple[str, str]]:
        """What comes first."""
        made, ahead = self.made, self.ahead
        told = [
            (_("Customer id"), made.customer or _("not known here")),
            (_("Battery"), words.level(made)),
            (_("Since"), "-" if made.since is None else local(made.since)),
            (_("Last told"), self._told()),
            (_("Firmware"), made.firmware or _("not known here")),
            (_("Trend"), self._trend()),
            (_("Expected change"), self._expected()),
            (_("Kind of pack"), _("{pack}, as is assumed here").format(pack=ahead.kind)),
        ]
        told += [(_("Suspicion"), words.ground(ground)) for ground in made.grounds]
        return told

    def _told(self) -> str:
        made = self.made
        if made.seen_at is None:
            return _(words.SOURCES["nothing"])
        source = _(words.SOURCES[made.source or ("records" if made.grounds else "nothing")])
        age = words.age(made, self.now)
        told = _("{time}, {age} ago: {source}")
        return told.format(time=local(made.seen_at), age=age, source=source)

    def _trend(self) -> str:
        word = _(words.TRENDS[self.ahead.trend])
        if self.ahead.mv_30_days is None:
            return word
        told = _("{trend}, {mv:+.0f} mV in 30 days, under load as at 20 degrees C")
        return told.format(trend=word, mv=self.ahead.mv_30_days)

    def _expected(self) -> str:
        told = self.ahead.expected
        if told.day is None or told.earliest is None or told.latest is None:
            return _("not known: {why}").format(why=self.ahead.why_not(self.now))
        return _("{date}, between {earliest} and {latest}").format(
            date=day(as_time(told.day)),
            earliest=day(as_time(told.earliest)),
            latest=day(as_time(told.latest)),
        )

    def limits(self) -> list[tuple[str, int]]:
        """The levels that the readings are held against, in mV."""
        profile = self.kind.profile
        return [
            (_("change soon"), profile.soon_mv),
            (_("change now"), profile.now_mv),
            (_("suspected"), profile.discharged_mv),
        ]

    def told_head(self) -> tuple[str, ...]:
        """The columns of `told_rows`."""
        return (
            _("Time"),
            _("Battery"),
            _("By"),
            _("loaded mV"),
            _("at 20 C"),
            _("rest mV"),
            _("mohm"),
            _("deg. C"),
        )

    def told_rows(self) -> list[tuple[str | int | None, ...]]:
        """What was told, oldest first."""
        return [
            (
                local(each.at),
                words.observed_level(each),
                _(words.BRIEFLY[each.source]),
                each.loaded_mv,
                self.warm(each),
                each.rest_mv,
                self.mohm(each),
                each.temp_c,
            )
            for each in self.made.observed
        ]

    def warm(self, each: Observation) -> int | None:
        """The loaded voltage (mV) as at 20 C, if all that it takes was read."""
        if each.loaded_mv is None or each.rest_mv is None or each.temp_c is None:
            return None
        return warm_mv(self.kind, each.rest_mv, each.loaded_mv, each.temp_c)

    def mohm(self, each: Observation) -> int | None:
        """What the weakest cell sags by, over the test load: about its resistance."""
        if each.loaded_mv is None or each.rest_mv is None:
            return None
        sag_mv = each.rest_mv // self.kind.series - each.loaded_mv
        return max(0, sag_mv) * 1_000 // self.kind.profile.load_ma

    def levels(self) -> list[tuple[str, str]]:
        """The levels over time: since when each was told, without repetition."""
        found: list[tuple[str, str]] = []
        for each in self.made.observed:
            word = words.observed_level(each)
            if not found or found[-1][1] != word:
                found.append((local(each.at), word))
        return found

    def changes(self) -> list[tuple[str, str]]:
        """Changes of the battery."""
        told = []
        for change in self.made.changed:
            how = _("changed and proved") if change.new else _("changed, not proved here")
            if change.desk:
                how += ", " + _("service desk")
            told.append((local(change.at), how + (f" ({change.ident})" if change.ident else "")))
        return told

    def attempts(self) -> list[tuple[str, ...]]:
        """The records of the unit."""
        return [
            (
                local(entry.at),
                record_words.word(record_words.KINDS, entry.kind),
                record_words.word(record_words.VERDICTS, entry.verdict),
                entry.id,
            )
            for entry in self.entries
        ]

    def document(self, desk: list[str]) -> dict[str, object]:
        """For programs."""
        return {
            "at": stamp(self.now),
            "training": self.training,
            "service_desk": desk,
            **unit_document(self.made, self.ahead, self.now),
            "limits": {
                "soon_mv": self.kind.profile.soon_mv,
                "now_mv": self.kind.profile.now_mv,
                "discharged_mv": self.kind.profile.discharged_mv,
            },
            "told": [
                {**asdict(each), "at": stamp(each.at), "mv_at_20_c": self.warm(each)}
                for each in self.made.observed
            ],
            "journal": [{"at": stamp(at), "mv_at_20_c": mv} for at, mv in self.journal],
            "changes": [{**asdict(change), "at": stamp(change.at)} for change in self.made.changed],
            "records": [asdict(entry) | {"at": entry.at or None} for entry in self.entries],
        }
