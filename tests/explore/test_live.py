"""An explorer driven from Python and by the browser: values, artists, sentence, goal, errors, stored output."""

import base64
import io
import json

import numpy as np
import pytest
from PIL import Image

from classroom.explore import live


def test_a_moved_slider_sets_the_artist_and_the_sentence(line):
    explorer, drawn = line()
    assert explorer.caption == "The slope is 1.00." and explorer.values == {"slope": 1.0}
    explorer.set(slope=-2.5)
    assert list(drawn.get_ydata()) == [0, -2.5] and explorer.caption == "The slope is -2.50."


def test_the_browser_moves_by_places_and_gets_a_picture(line, browser):
    explorer, _ = line()
    page = browser(explorer)
    page.ask("hello", ratio=1)
    answer, buffers = page.ask("move", values={"slope": 0})
    assert explorer.values == {"slope": -5.0} and answer["caption"] == explorer.caption
    assert answer["raw"] == {"slope": 0} and answer["texts"] == {"slope": "−5.0"}
    left, top = answer["picture"]["at"]
    part, (width, height) = Image.open(io.BytesIO(buffers[0])), answer["picture"]["size"]
    assert part.width < width and left + part.width <= width and top + part.height <= height, (
        "only what changed is sent"
    )


def test_answers_are_json_and_numbered(line, browser):
    page = browser(line()[0])
    numbers = [json.loads(json.dumps(page.ask("move", values={"slope": k})[0]))["number"] for k in (3, 4, 4)]
    assert numbers == [0, 1, 2]


def test_a_settled_picture_is_exact(line, browser):
    explorer, _ = line()
    page = browser(explorer)
    page.ask("move", values={"slope": 7})
    answer, buffers = page.ask("settle")
    sent = np.asarray(Image.open(io.BytesIO(buffers[0])))
    assert answer["picture"]["exact"] and np.array_equal(sent, explorer._painter.paint_all()[..., :3])


def test_a_fine_screen_gets_twice_the_dots(line, browser):
    page = browser(line()[0])
    coarse = page.ask("hello", ratio=1)[0]["picture"]["size"]
    fine = page.ask("hello", ratio=3)[0]["picture"]["size"]
    assert fine == [2 * side for side in coarse]


def test_an_unchanged_picture_is_not_sent_again(line, browser):
    page = browser(line()[0])
    page.ask("move", values={"slope": 7})
    answer, buffers = page.ask("move", values={"slope": 7})
    assert "picture" not in answer and not buffers


def test_goal_is_reached_once_and_recorded(line, monkeypatch):
    recorded = []
    monkeypatch.setattr("classroom.progress.record", lambda *what: recorded.append(what))
    explorer, _ = line(goal=live.goal("a slope above 4", lambda slope: slope > 4), name="9.9 slope")
    explorer.set(slope=3)
    assert not explorer.reached and not recorded
    explorer.set(slope=4.5)
    explorer.set(slope=0)
    explorer.set(slope=5)
    assert explorer.reached and recorded == [("goal", "9.9 slope")]


def test_the_question_behind_a_goal_appears_with_it(line, browser, monkeypatch):
    class Question:
        model_id = "q1"

    monkeypatch.setattr(live, "_question", lambda name: Question() if name == "9.9 why" else None)
    monkeypatch.setattr("classroom.progress.record", lambda *what: None)
    explorer, _ = line(goal=live.goal("a slope above 4", lambda slope: slope > 4), unlock="9.9 why")
    page = browser(explorer)
    page.ask("move", values={"slope": 1})
    assert page.ask("settle")[0]["quiz"] == ""
    page.ask("move", values={"slope": 95})
    answer = page.ask("settle")[0]
    assert answer["quiz"] == "q1" and answer["reached"]


def test_a_drag_across_the_goal_does_not_reach_it(line, browser, monkeypatch):
    monkeypatch.setattr("classroom.progress.record", lambda *what: None)
    explorer, _ = line(goal=live.goal("a slope of 3", lambda slope: slope == 3))
    page = browser(explorer)
    three = explorer.controls["slope"].values.index(3.0)
    for place in (three, three + 1):
        page.ask("move", values={"slope": place})
    assert not page.ask("settle")[0]["reached"]
    page.ask("move", values={"slope": three})
    assert page.ask("settle")[0]["reached"]


def test_reset_puts_the_controls_back_and_keeps_the_goal(line, browser, monkeypatch):
    monkeypatch.setattr("classroom.progress.record", lambda *what: None)
    explorer, drawn = line(goal=live.goal("a slope above 4", lambda slope: slope > 4))
    explorer.set(slope=4.5)
    answer, _ = browser(explorer).ask("reset")
    assert answer["raw"] == {"slope": 60} and answer["reached"] and list(drawn.get_ydata()) == [0, 1]
    assert explorer.set(slope=-3).reset().caption == "The slope is 1.00."


def test_an_error_shows_her_line_and_the_next_move_works(browser):
    fig, ax = live.subplots()
    (drawn,) = ax.plot([0, 1], [0, 1])

    def update(k):
        drawn.set_ydata([0, 1 / k])
        return f"k is {k}."

    explorer = live.Live(fig, update, k=(-2, 2, 1))
    page = browser(explorer)
    answer, _ = page.ask("move", values={"k": 2})
    assert "ZeroDivisionError: division by zero" in answer["error"]
    assert "drawn.set_ydata([0, 1 / k])" in answer["error"], "her own line is quoted"
    assert page.ask("settle")[0]["error"] == answer["error"], "it stays until the next move"
    answer, _ = page.ask("move", values={"k": 4})
    assert answer["error"] == "" and answer["caption"] == "k is 2."
    with pytest.raises(ZeroDivisionError):
        explorer.set(k=0)
    assert explorer.set(k=1).caption == "k is 1."


def test_what_cannot_be_drawn_is_said_and_the_next_move_works(line, browser):
    """matplotlib finds a wrong length only when it draws."""
    explorer, drawn = line()
    page = browser(explorer)
    right = drawn.set_ydata
    drawn.set_ydata = lambda data: right([*data, 0] if data[1] > 3 else data)
    answer, pictures = page.ask("move", values={"slope": 900})
    assert answer["error"].startswith("The figure cannot be drawn as your code has set it: ValueError: shape mismatch")
    assert not pictures and "picture" not in answer
    assert page.ask("settle")[0]["error"] == answer["error"], "it stays until the next move"
    with pytest.raises(ValueError, match="shape mismatch"):
        explorer.set(slope=4)
    answer, pictures = page.ask("move", values={"slope": 0})
    assert answer["error"] == "" and answer["caption"] == "The slope is -5.00." and pictures


def test_an_interrupt_is_answered_too(line, browser):
    explorer, drawn = line()
    drawn.set_ydata = lambda data: (_ for _ in ()).throw(KeyboardInterrupt)
    assert "KeyboardInterrupt" in browser(explorer).ask("move", values={"slope": 3})[0]["error"]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"slop": (0, 1)}, "update takes slope, but the controls are slope, slop"),
        ({"slope": "steep"}, "The control slope is 'steep'"),
        ({"goal": lambda slope: True}, "live.goal("),
        ({"goal": live.goal("be at 1", lambda slope: slope == 1)}, "reached before anything is moved"),
        ({"unlock": "9.9 why"}, "needs a goal"),
        ({"play": True}, "update is not a run"),
    ],
)
def test_wrong_arguments_get_a_sentence(line, more, says):
    with pytest.raises((TypeError, ValueError)) as caught:
        line(**more)
    assert says in str(caught.value)


def test_wrong_updates_get_a_sentence():
    fig, _ = live.subplots()
    with pytest.raises(TypeError, match=r"it must return .* one sentence"):
        live.Live(fig, lambda k: None, k=(0, 1))
    with pytest.raises(TypeError, match="update is 3; it must be a function"):
        live.Live(fig, 3, k=(0, 1))
    with pytest.raises(TypeError, match="give a text and a function"):
        live.goal(lambda k: True, "reach it")


def test_set_refuses_what_is_no_control_or_no_value(line):
    explorer, _ = line()
    with pytest.raises(TypeError, match="There is no control 'slop'; there are slope"):
        explorer.set(slop=1)
    with pytest.raises(ValueError, match=r"slope is 99; it must be a number from -5\.0 to 5\.0"):
        explorer.set(slope=99)
    assert explorer.values == {"slope": 1.0}


def test_the_stored_output_is_a_picture_with_its_sentence(line):
    data, metadata = line()[0]._repr_mimebundle_()
    assert data["text/plain"] == "Explorer: The slope is 1.00."
    picture = base64.b64decode(data["image/png"])
    assert metadata["image/png"]["alt"] == "The slope is 1.00." and len(picture) <= 80_000
    image = Image.open(io.BytesIO(picture))
    assert image.width == 2 * metadata["image/png"]["width"], "sharp on fine screens"
    assert "Software" not in image.info, "no version in the file"
    assert base64.b64decode(line()[0]._repr_mimebundle_()[0]["image/png"]) == picture, "the same bytes again"


def test_the_stored_output_follows_what_python_moved(line):
    explorer, _ = line()
    explorer.set(slope=3)
    data, metadata = explorer._repr_mimebundle_()
    assert data["text/plain"] == f"Explorer: {metadata['image/png']['alt']}" == "Explorer: The slope is 3.00."


def test_every_control_reaches_update_through_the_browser(browser):
    fig, _ = live.subplots()
    got = {}

    def update(**values):
        got.update(values)
        return "A sentence."

    controls = {"n": (0, 9), "r": live.log(0.1, 10), "kind": ["a", "b"], "on": False, "pad": live.drawing(2, 2)}
    page = browser(live.Live(fig, update, **controls))
    page.ask("move", values={"n": 7, "r": 0, "kind": 1, "on": 1, "pad": "0110"})
    assert (got["n"], got["r"], got["kind"], got["on"]) == (7, 0.1, "b", True)
    assert got["pad"].tolist() == [[0, 1], [1, 0]]
