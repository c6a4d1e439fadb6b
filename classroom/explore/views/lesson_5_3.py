"""Lesson 5.3: how sure a network is beside how often it is right, in the words of a prediction."""


def sure_and_right(moved, pale, close: float = 0.05) -> str:
    """For each kind of image the pair (mean confidence, share that is right), in the words of "5.3 shift"."""
    words = [
        "about as sure as right"
        if abs(sure - right) < close
        else f"{'surer' if sure > right else 'less sure'} than right"
        for sure, right in (moved, pale)
    ]
    return f"moved: {words[0]}; pale: {words[1]}"
