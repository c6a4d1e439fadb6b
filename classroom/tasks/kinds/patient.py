"""A network as a doctor meets it: measurements cost, the diagnosis comes before the repair, and neither comes twice.

A lesson shows the same patients by `draws("4.1 ward")`, so that a learner may examine them by hand before she writes
`diagnose(patient)` for patients that she has not seen.
"""

import numpy as np

NO_FAULT = "no fault"


class NotPossible(Exception):
    """The patient cannot be treated so; the text says why, and what comes first."""


class Patient:
    """`measure` within the budget, then `commit` to a fault and the measurement that decided, then `repair` once."""

    def __init__(self, measurements: dict, costs: dict, budget: float):
        self._values, self.costs, self.left = measurements, dict(costs), float(budget)
        self.bought: list[str] = []
        self.fault = self.decisive = self.remedy = ""

    def measure(self, name: str):
        """The value of a measurement, a number or an array; the first time it is paid for."""
        if name not in self._values:
            raise NotPossible(f"There is no measurement {name!r}; there are {', '.join(self._values)}.")
        if self.fault:
            raise NotPossible("The diagnosis is made; measurements come before it.")
        if name not in self.bought:
            if self.costs[name] > self.left:
                raise NotPossible(f"{name!r} costs {self.costs[name]:g}, and {self.left:g} of the budget is left.")
            self.left -= self.costs[name]
            self.bought.append(name)
        value = np.array(self._values[name])
        return value.item() if value.ndim == 0 else value

    def commit(self, fault: str, decisive: str) -> None:
        """Name the fault, or "no fault", and the measurement that decided; it must have been bought."""
        if self.fault:
            raise NotPossible(f"The diagnosis is made: {self.fault!r}. It stands.")
        if decisive not in self.bought:
            raise NotPossible(f"{decisive!r} cannot have decided: it was not measured.")
        self.fault, self.decisive = fault, decisive

    def repair(self, remedy: str) -> None:
        """Choose the one repair that the network is then trained with again."""
        if not self.fault:
            raise NotPossible("Commit to a diagnosis before you repair.")
        if self.remedy:
            raise NotPossible(f"It is repaired already: {self.remedy!r}. One repair for each patient.")
        self.remedy = remedy

    def record(self) -> dict:
        """What was done, for the check."""
        return {"fault": self.fault, "decisive": self.decisive, "repair": self.remedy, "bought": self.bought or ""}

    def __repr__(self) -> str:
        prices = ", ".join(f"{name} ({cost:g})" for name, cost in self.costs.items())
        return f"Patient: {self.left:g} left to spend on {prices}. Measured: {', '.join(self.bought) or 'nothing yet'}."
