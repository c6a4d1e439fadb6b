"""The time limit ends a learner's code and nothing else; her stop button keeps working."""

import signal
import threading
import time

import numpy as np
import pytest

from classroom.tasks import running


def loop_for(seconds):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        pass
    return 1.0


def test_later_cases_are_not_run_after_the_time_is_up():
    ran = running.run_all("call", lambda s: loop_for(s), [[0.0], [60.0], [0.0]], seconds=0.2)
    assert len(ran) == 2 and ran[0].values and isinstance(ran[1].crash.error, running.TimeUp)


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

    assert isinstance(running.run_all("call", stubborn, [[]], 0.1)[0].crash.error, running.TimeUp)


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


def test_outside_the_main_thread_code_runs_without_a_limit():
    found = []
    thread = threading.Thread(target=lambda: found.extend(running.run_all("call", loop_for, [[0.01]], 0.001)))
    thread.start()
    thread.join()
    assert found[0].values[""] == 1.0


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
