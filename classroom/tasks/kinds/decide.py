"""Decide: `verdict(runs)` on hidden worlds whose truth is known. "Cannot tell" is right where power is low."""

from classroom.tasks.kinds import record  # noqa: F401  (the probe of this kind)
from classroom.tasks.kinds.marking import Mark, Sheet, beyond_chance, enough, rule, word

LEAST = 8  # draws of each truth


@rule
def decide(sheet: Sheet, words, need=0.7) -> Mark:
    """The share of right verdicts beyond chance: whoever always says the same gets 0. All points from `need` on.

    Each answer is one of `words`, alone or under "verdict"; each truth is `verdict=word`.
    """
    given = [word(a, "verdict" if "verdict" in a else "", words) for a in sheet.answers]
    truths = [word(t, "verdict", words) for t in sheet.truths]
    enough(truths, LEAST)
    right = [g == t for g, t in zip(given, truths, strict=True)]
    passed = beyond_chance(right, truths) >= need
    fits = f"{sum(right)} of {len(right)} verdicts are right."
    return Mark(float(passed), passed, fits, "" if passed else _where(given, truths))


def _where(given, truths):
    """The commonest confusion, as counts over all draws."""
    pairs = [(g, t) for g, t in zip(given, truths, strict=True) if g != t]
    got, true = max(sorted(set(pairs)), key=pairs.count)
    said = f"the verdict “{got}”" if got else "no verdict"
    return (
        f"Where “{true}” is true ({truths.count(true)} draws), {pairs.count((got, true))} got {said}. "
        "What do the runs of these draws have that yours should see?"
    )
