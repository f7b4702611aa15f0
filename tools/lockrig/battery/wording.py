"""Words of the unit and of the procedure, as the technician reads them.

From a typed word to a message; a word that nobody knows is shown as it is.
"""

from lockrig.i18n import _, later

LEVELS = {
    "GOOD": later("good"),
    "CHANGE_SOON": later("change soon"),
    "CHANGE_NOW": later("change now"),
    "SUSPECTED_DISCHARGED": later("suspected to be fully discharged"),
    "UNKNOWN": later("unknown"),
}
GROUNDS = {
    "none": later("none"),
    "below_threshold": later("too low under load"),
    "reversed": later("a cell was driven below 0 V"),
    "brown_out": later("the unit lost its power under load"),
    "diagnostic": later("the unit's own diagnostic failed"),
    "storage": later("what the unit had stored is corrupt"),
    "unreachable": later("no contact"),
    "not fresh": later("the level isn't fresh"),
}
PHASES = {
    "none": later("no change is open"),
    "begun": later("a change is begun"),
    "out": later("a change is begun, and the unit has been without power"),
    "replaced": later("a change is registered, and its runs are counted"),
    "": later("the unit doesn't tell; it may want a credential"),
}
COMMANDS = {
    "bolt.lock": later("lock"),
    "bolt.unlock": later("unlock"),
    "bolt.release": later("open"),
}
# Why a run didn't count.
UNCOUNTED = {
    "result": later("The run failed: {result}."),
    "unmoved": later("The bolt didn't go from one end to the other: it was there already."),
    "hand": later("A hand was at the thumb-turn. Hands off while the motor runs."),
    "supply": later("The unit wasn't on its battery alone. Pull out what is plugged in."),
    "reading": later("The unit couldn't read a voltage."),
    "voltage": later("The new pack gave too little voltage under load."),
    "load": later("The unit saw no load on its pack."),
    "hold": later("The lock didn't hold again after it had opened."),
    "storage": later("The unit couldn't store it."),
}
RESULTS = {
    "MOTOR_BLOCKED": later("the bolt is blocked; close the door properly"),
    "LOW_MOTOR_VOLTAGE": later("the voltage is too low for the motor"),
    "INSUFFICIENT_BATTERY": later("the new pack is too weak"),
    "TIMEOUT": later("the bolt didn't arrive in time"),
    "BUSY": later("the unit is busy; wait a moment"),
    "STORAGE": later("the unit couldn't store it"),
    "DISMOUNTED": later("the unit is dismounted"),
    "NO_METHOD": later("the unit's firmware knows of no battery changes"),
}
# Why the new pack wasn't proved to be good.
UNPROVED = {
    # Ten runs in a row tire a good one too.
    "voltage": later(
        "The new pack gave too little voltage. Wait a minute and test it again; if that fails, "
        "fetch another one at the service centre."
    ),
    "supply": later("Something else than the battery feeds the unit. Pull it out, try again."),
    "profile": later("The new pack is of another kind than this unit's."),
    "taps": later("The unit can't see into this pack: it is for the service desk."),
    "reading": later("The unit couldn't read a voltage. Try again in half a minute."),
    "load": later("The unit saw no load on its pack. Try again in half a minute."),
    "cold": later("In this cold the pack can't be told to be good."),
    "BUSY": later("The unit is busy. Wait half a minute, then try again."),
    "STORAGE": later("The unit couldn't store it. Try again in half a minute."),
}


def word(table: dict[str, str], key: str) -> str:
    """The message for `key`, else `key` itself."""
    return _(table[key]) if key in table else key
