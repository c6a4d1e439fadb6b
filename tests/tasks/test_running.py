"""The time limit ends a learner's code and nothing else; her stop button keeps working."""

import signal
import sys
import threading
import time

import numpy as np
import pytest

from classroom.tasks import running
from classroom.tasks.limit import TimeUp


def loop_for(seconds):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        pass
    return 1.0


def test_later_cases_are_not_run_after_the_time_is_up():
    ran = running.run_all("call", lambda s: loop_for(s), [[0.0], [60.0], [0.0]], seconds=0.2)
    assert len(ran) == 2 and ran[0].values and isinstance(ran[1].crash.error, TimeUp)


def test_a_sleep_is_ended_too():
    before = time.monotonic()
    running.run_all("call", time.sleep, [[20.0]], seconds=0.1)
    assert time.monotonic() - before < 10


def test_except_exception_does_not_hold_the_time_limit_up():
    def stubborn():
        while True:
            try:
                loop_for(60)
            except Exception:
                continue

    assert isinstance(running.run_all("call", stubborn, [[]], 0.1)[0].crash.error, TimeUp)


def test_a_bare_except_ends_the_run_after_this_case():
    def swallowing():
        try:
            loop_for(60)
        except:  # noqa: E722
            return 1.0

    assert len(running.run_all("call", swallowing, [[], []], 0.1)) == 1


def test_a_signal_at_the_last_moment_hits_nothing_later():
    handler = signal.getsignal(signal.SIGINT)
    for i in range(60):
        running.run_all("call", loop_for, [[0.002 + i * 1e-5]], seconds=0.0022)
        assert signal.getsignal(signal.SIGINT) is handler
        loop_for(0.001)


def test_the_stop_button_still_stops():
    def pressed():
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        running.run_all("call", pressed, [[]], 30)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def patient():
    """The endless loops that catch every interruption, each in another form."""

    def at_once():
        while True:
            try:  # noqa: SIM105
                loop_for(0.001)
            except:  # noqa: E722
                pass

    def many_lines():
        found = 0
        while True:
            try:
                found += 1
                a = found * 2
                b = a - 1
                found = b - a + found
            except BaseException:
                a = 0
                continue

    def helper():
        try:
            return loop_for(60)
        except:  # noqa: E722
            return 0.0

    def in_a_helper():
        while True:
            helper()

    return at_once, many_lines, in_a_helper


@pytest.mark.parametrize("obj", patient(), ids=lambda obj: obj.__name__)
def test_an_endless_loop_with_a_bare_except_ends_too(obj):
    tracing = sys.gettrace()
    ran = running.run_all("call", obj, [[], []], 0.1)
    assert len(ran) == 1 and isinstance(ran[0].crash.error, TimeUp)
    assert sys.gettrace() is tracing and signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_where_a_thread_cannot_be_signalled_the_main_thread_is_interrupted(monkeypatch):
    """As on Windows."""
    monkeypatch.delattr(signal, "pthread_kill")
    assert isinstance(running.run_all("call", loop_for, [[60.0]], 0.1)[0].crash.error, TimeUp)


def in_a_thread(obj, case, seconds):
    found = []
    thread = threading.Thread(target=lambda: found.extend(running.run_all("call", obj, case, seconds)), daemon=True)
    thread.start()
    thread.join(30)
    assert not thread.is_alive()
    return found


def test_outside_the_main_thread_there_is_a_limit_too():
    assert in_a_thread(loop_for, [[0.01]], 30)[0].values[""] == 1.0
    ran = in_a_thread(loop_for, [[0.0], [60.0], [0.0]], 0.2)
    assert len(ran) == 2 and ran[0].values and isinstance(ran[1].crash.error, TimeUp)


def test_in_a_thread_nothing_is_hit_later():
    def often():
        for i in range(60):
            running.run_all("call", loop_for, [[0.002 + i * 1e-5]], seconds=0.0022)
            loop_for(0.001)
        return 1.0

    assert in_a_thread(often, [[]], 60)[0].values[""] == 1.0


@pytest.mark.parametrize("obj", patient(), ids=lambda obj: obj.__name__)
def test_in_a_thread_a_bare_except_does_not_hold_the_limit_up(obj):
    assert isinstance(in_a_thread(obj, [[]], 0.1)[0].crash.error, TimeUp)


def test_each_case_gets_its_own_copy_and_changes_are_noticed():
    case = [np.ones(2), [np.zeros(1)], {"k": 1.0}, float("nan")]

    def changing(a, b, c, d):
        a += 1
        b.append(3)
        c["k"] = 2.0
        return a.sum()

    ran = running.run_all("call", changing, [case, case], 5)
    assert [r.changed for r in ran] == [[0, 1, 2]] * 2
    assert case[0].tolist() == [1, 1] and len(case[1]) == 1 and ran[1].values[""] == 4


def test_endless_prints_fill_no_memory():
    def printing():
        for _ in range(10_000):
            print("x" * 100)
        return 1.0

    assert len(running.run_all("call", printing, [[]], 30)[0].printed) == running.MOST_PRINTED


def test_warnings_of_a_learner_s_code_stay_out_of_the_notebook(recwarn):
    running.run_all("call", lambda: np.exp(np.array([1e4])), [[]], 5)
    assert not recwarn.list


def test_objects_without_source_have_none():
    assert running.source_of(np.exp) == "" == running.source_of(int)
