"""What a battery change asks the unit at each of its steps, each time once.

It hands the answers on as they are; what they mean is `procedure`'s business.
"""

from contextlib import suppress
from datetime import timedelta

from lockrig.battery.change import Step
from lockrig.battery.procedure import Procedure
from lockrig.battery.unit import WORK_MS, NoContactError, Unit
from lockrig.i18n import _
from lockrig.records.record import unstamp


class Asking:
    """Asks `unit` (None: no target is named) for `procedure`."""

    def __init__(self, unit: Unit | None, procedure: Procedure) -> None:
        self._unit = unit
        self._procedure = procedure
        self._do = {
            Step.BEGIN: self._begin,
            Step.ABANDON: self._cancel,
            Step.ADOPT: self._adopt,
            Step.REGISTER: self._register,
            Step.RUN: self._run,
            Step.PROVE: self._prove,
            Step.CANCEL: self._cancel,
        }

    def do(self, step: Step) -> None:
        """Ask what this step asks; any other just looks at the unit."""
        if self._unit is None:
            self._procedure.no_target()
            self._procedure.unreached(_("no target was named"))
            return
        try:
            if step in self._do:
                self._do[step](self._unit)
            else:
                self._procedure.reached(self._unit.look())
        except NoContactError as error:
            self._procedure.unreached(str(error))

    @property
    def _role(self) -> str:
        return self._procedure.change.role

    def _begin(self, unit: Unit) -> None:
        change = self._procedure.change
        hello = unit.call("unit.hello")
        state = unit.call("swap.state")
        if state.get("phase") == "begun" and change.announced:
            # Our own, from before the gate was passed anew.
            unit.call("swap.cancel", role=self._role)
        diagnosed = change.gate is not None and change.gate.kind == "diagnosed"
        gate = "diagnosed" if diagnosed else "fresh"
        answer = unit.call("swap.begin", role=self._role, gate=gate)
        swaps = state.get("swaps")
        known = swaps if isinstance(swaps, int) else None
        self._procedure.began(hello.get("unit"), answer, known)

    def _adopt(self, unit: Unit) -> None:
        change = self._procedure.change
        began = change.times.get("cover")
        at = unstamp(began) if began else self._procedure.now
        ago = max(timedelta(), self._procedure.now - at)
        answer = unit.call(
            "swap.adopt", role=self._role, gate="diagnosed", ago_s=int(ago.total_seconds())
        )
        self._procedure.adopted(answer)

    def _register(self, unit: Unit) -> None:
        answer = unit.call("battery.replaced", role=self._role, confirmed=True)
        self._procedure.registered(answer)

    def _run(self, unit: Unit) -> None:
        self._procedure.ran(unit.run(self._procedure.next_command()))

    def _prove(self, unit: Unit) -> None:
        answer = unit.call("swap.close", WORK_MS, role=self._role)
        report = {}
        with suppress(NoContactError):
            report = unit.call("battery.report")
        self._procedure.closed(answer, report)

    def _cancel(self, unit: Unit) -> None:
        self._procedure.cancelled(unit.call("swap.cancel", role=self._role))
