"""What a late submission costs: so many per cent of its points for each day begun, after some hours of grace.

Counted when a report is made, never written over a mark: change the rule, and the next report counts anew.
"""

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Late:
    """`percent` of the points for each day begun, from `grace` hours after the due date on, at most `most` per cent."""

    percent: float = 0
    grace: float = 0
    most: float = 100

    def __post_init__(self):
        if not (0 <= self.percent <= 100 and 0 <= self.most <= 100 and 0 <= self.grace < math.inf):
            raise ValueError(f"Per cents should be from 0 to 100 and hours of grace from 0 up, got {self}.")

    def days(self, received: datetime | None, due: datetime | None) -> int:
        """Days begun after the due date; 0 within the hours of grace, or where a date is not known."""
        if received is None or due is None or received <= due + timedelta(hours=self.grace):
            return 0
        return math.ceil((received - due) / DAY)

    def part(self, received: datetime | None, due: datetime | None) -> float:
        """The part of the points that stays, from 0 to 1."""
        return 1 - min(self.percent * self.days(received, due), self.most) / 100

    def __str__(self) -> str:
        if not self.percent:
            return "late submissions lose nothing"
        grace = f"after {self.grace:g} {'hour' if self.grace == 1 else 'hours'} of grace, " if self.grace else ""
        return f"{grace}{self.percent:g} % off for each day begun, at most {self.most:g} %"


def moment(text: str) -> datetime:
    """A due date: "2026-12-01" (the end of that day) or "2026-12-01 18:00"; this computer's time if no zone follows."""
    text = text.strip()
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"A date should read like 2026-12-01 or '2026-12-01 18:00', got {text!r}.") from None
    if re.fullmatch(r"\d{4}-?\d{2}-?\d{2}", text):
        when = when.replace(hour=23, minute=59, second=59)
    return when.astimezone(UTC)
