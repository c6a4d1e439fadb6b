"""A time limit on a learner's code, without processes, on every system and in every thread.

A watching thread waits, then interrupts: the main thread through SIGINT, whose handler is ours meanwhile, any other
thread through an exception that Python raises there. It goes on until the code has ended, since a bare `except` in an
endless loop catches the first interruption. Every later one comes twice: the second hits the lines that caught it.

What it cannot end: one call that never comes back to Python, such as `sum(itertools.count())`.
"""

import _thread
import ctypes
import random
import signal
import sys
import threading

PAUSE = 0.02  # seconds between two interruptions
LINES = 8  # the second blow falls on one of the next so many lines


class TimeUp(BaseException):
    """The time is over. Not an Exception, so that a learner's `except Exception` does not catch it."""


class Limit:
    """A limit on what runs between `enter` and `leave`, for all such pieces of one `with` together.

    `expired` tells that the time is over, even if the code caught the interruption and went on to its end.
    """

    def __init__(self, seconds: float):
        self.seconds = seconds
        self.inside = self.fired = self.expired = False
        self.sent = self.received = 0
        self.over, self.lock = threading.Event(), threading.Lock()
        self.watch = threading.Thread(target=self._wait, daemon=True)

    def __enter__(self):
        self.thread = threading.get_ident()
        self.is_main = threading.current_thread() is threading.main_thread()
        if self.is_main:
            self.before = signal.signal(signal.SIGINT, self._on_signal)
        self.watch.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.watch.join()  # from here on nothing is sent
        if self.is_main:
            pause = threading.Event()
            for _ in range(1000):
                if self.received >= self.sent:
                    break
                pause.wait(0.001)  # sent at the last moment: let the signal arrive here, in our handler
            signal.signal(signal.SIGINT, self.before or signal.default_int_handler)

    def enter(self):
        """From here on the code may be interrupted."""
        self.tracing = sys.gettrace()
        self.inside = True

    def leave(self):
        """From here on nothing is interrupted any more."""
        while self.inside:
            try:
                with self.lock:
                    self.inside = False
                    if not self.is_main:
                        _raise_in(self.thread, None)  # what has not arrived yet
            except TimeUp:
                continue  # it arrived in this very moment
        if sys.gettrace() is not self.tracing:
            sys.settrace(self.tracing)

    def _wait(self):
        if self.over.wait(self.seconds):
            return
        self.fired = True
        while not self.over.is_set():
            if self.is_main:
                if self.received >= self.sent:  # two signals at once would arrive as one
                    self.sent += 1
                    _interrupt_main()
            else:
                with self.lock:
                    if self.inside:
                        again, self.expired = self.expired, True
                        _raise_in(self.thread, self._again() if again else TimeUp)
            self.over.wait(PAUSE * random.uniform(0.5, 1.5))

    def _on_signal(self, number, frame):
        if not self.fired:
            raise KeyboardInterrupt  # the learner's own stop button
        self.received += 1
        again, self.expired = self.expired, True
        if self.inside:
            if again:
                self._raise_soon_again(frame)
            raise self._time_up()

    def _raise_soon_again(self, frame):
        """Raise at one of the next lines that run, too: best where this interruption is caught, outside the `try`."""
        left = random.randint(1, LINES)

        def trace(frame, event, _):
            nonlocal left
            left -= event == "line"
            if left < 1 and self.inside:
                raise self._time_up()  # Python ends the tracing when this is raised
            return trace

        while frame and frame.f_code.co_filename != __file__:
            frame.f_trace = trace
            frame = frame.f_back
        sys.settrace(trace)

    def _again(self):
        """An exception for another thread that comes twice: Python makes it there, so that its own code runs there."""
        limit = self

        class Again(TimeUp):
            def __init__(self):
                super().__init__(*limit._time_up().args)
                if limit.inside:
                    limit._raise_soon_again(sys._getframe(1))

        return Again

    def _time_up(self):
        return TimeUp(f"stopped after {self.seconds:g} seconds")


def _interrupt_main():
    if hasattr(signal, "pthread_kill"):  # a true signal also ends time.sleep
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
    else:
        _thread.interrupt_main()


def _raise_in(thread, error):
    """Raise `error` in another thread as soon as that thread runs Python code; None takes a pending one back."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(error) if error else None)
