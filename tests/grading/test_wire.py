"""The judge's side of the line: whatever bytes come, they are a message or one of three errors, in bounded memory."""

import contextlib
import json
import socket
import threading
import time
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classroom.grading import wire
from classroom.grading.wire import FRAME, MAGIC, Broken, Gone, Late, Reply

NONCE = "5" * 32


@pytest.fixture
def ends():
    ours, theirs = socket.socketpair()
    yield wire.Line(ours), theirs
    ours.close()
    theirs.close()


def soon(seconds=1.0):
    return time.monotonic() + seconds


def frame(header: bytes, body=b"", magic=MAGIC, size=None, length=None):
    size, length = len(header) if size is None else size, len(body) if length is None else length
    return FRAME.pack(magic, size, length) + header + body


def reply(values=None, body=b"", **other):
    header = {"nonce": NONCE, "number": 0, **({} if values is None else {"values": values}), **other}
    return wire.read_reply(json.loads(json.dumps(header)), body, NONCE, 0)


# --- messages ---------------------------------------------------------------------------------------------------------


def test_arguments_come_out_as_they_went_in():
    case = [np.arange(6.0).reshape(2, 3), np.float32(0.5), 3, -0.1, "text", None, True, (1, [np.array(["a", "bc"])])]
    case += [{"a": np.zeros((0, 4), np.int16), 3: (1,)}, np.array(True), float("nan"), 2**70, np.arange(3)[::-1]]
    buffers = []
    text = json.dumps(wire.encode(case, buffers))
    found = wire.Decoder(b"".join(buffers)).value(json.loads(text))
    assert str(found) == str(case)
    assert [type(v) for v in found] == [type(v) for v in case]
    assert found[0].flags.writeable and found[1].dtype == np.float32


@pytest.mark.parametrize("size, length", [(1 << 31, 0), (wire.MOST_HEADER + 1, 0), (2, 1 << 62), (2, 101)])
def test_a_length_beyond_the_bounds_is_refused_before_anything_is_allocated(ends, size, length):
    line, theirs = ends
    theirs.sendall(frame(b"{}", size=size, length=length))
    tracemalloc.start()
    with pytest.raises(Broken):
        line.receive(soon(), most=100)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1 << 20


def test_a_reader_never_holds_more_than_was_announced(ends):
    line, theirs = ends
    flood = threading.Thread(target=lambda: _send(theirs, bytes(1 << 24)), daemon=True)
    theirs.sendall(frame(b"{}", b"ab"))
    flood.start()
    assert line.receive(soon(), most=10) == ({}, b"ab")
    assert len(line.ahead) <= wire.AHEAD
    with pytest.raises(Broken):
        line.receive(soon(), most=10)


def _send(sock, data):
    with contextlib.suppress(OSError):
        sock.sendall(data)


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"[]",
        b"nonsense",
        b"\xff\xfe",
        b"3",
        b"null",
        b"[" * 100_000,
        b'{"a":' * 40_000,
        b'{"number": ' + b"9" * 9999,
    ],
)
def test_a_header_that_is_no_object_is_broken(ends, header):
    line, theirs = ends
    theirs.sendall(frame(header))
    with pytest.raises(Broken):
        line.receive(soon())


def test_the_wrong_magic_is_broken(ends):
    line, theirs = ends
    theirs.sendall(frame(b"{}", magic=b"HTTP"))
    with pytest.raises(Broken):
        line.receive(soon())


def test_half_a_message_and_an_end_are_gone(ends):
    line, theirs = ends
    theirs.sendall(frame(b'{"a": 1}', b"12345678")[:-3])
    theirs.close()
    with pytest.raises(Gone):
        line.receive(soon(), most=100)


def test_a_slow_drip_has_one_deadline_for_the_whole_message(ends):
    line, theirs = ends
    message = frame(b'{"a": 1}', b"1" * 50)

    def drip():
        for i in range(len(message)):
            try:
                theirs.send(message[i : i + 1])
            except OSError:
                return
            time.sleep(0.02)

    threading.Thread(target=drip, daemon=True).start()
    begun = time.monotonic()
    with pytest.raises(Late):
        line.receive(soon(0.3), most=100)
    assert time.monotonic() - begun < 0.8


def test_who_never_reads_does_not_hold_the_judge(ends):
    line, _ = ends
    with pytest.raises(Late):
        line.send({}, [bytes(1 << 24)], soon(0.2))


def test_a_watcher_ends_the_waiting(ends):
    line, _ = ends

    def look():
        raise Broken("it filled the disk")

    line.watch = look
    with pytest.raises(Broken, match="disk"):
        line.receive(soon(5))


def test_a_reply_before_its_question_is_seen(ends):
    line, theirs = ends
    assert line.is_quiet()
    theirs.sendall(frame(b"{}") * 2)
    assert not line.is_quiet()
    line.receive(soon())
    assert not line.is_quiet()  # the second one was read ahead, and counts
    line.receive(soon())
    assert line.is_quiet()


# --- replies ----------------------------------------------------------------------------------------------------------


def test_a_reply_comes_out_as_it_went_in():
    values = {"": np.arange(4, dtype=np.float32).reshape(2, 2), "b": np.array(True), "c": np.zeros((0, 3), np.int8)}
    header, buffers = wire.reply_header(Reply(values, changed=[1]), NONCE, 7)
    found = wire.read_reply(json.loads(json.dumps(header)), b"".join(buffers), NONCE, 7)
    assert list(found.values) == list(values) and found.changed == [1]
    for key, array in values.items():
        assert found.values[key].dtype == array.dtype and np.array_equal(found.values[key], array)
    header, _ = wire.reply_header(Reply(error="KeyError", message="'a'", line=3, text="d['a']"), NONCE, 7)
    assert wire.read_reply(header, b"", NONCE, 7) == Reply(error="KeyError", message="'a'", line=3, text="d['a']")


def test_a_long_double_travels_as_a_double():
    header, buffers = wire.reply_header(Reply({"": np.array([1, 2], np.longdouble)}), NONCE, 0)
    assert wire.read_reply(header, b"".join(buffers), NONCE, 0).values[""].dtype == np.float64


@pytest.mark.parametrize(
    "values",
    [
        [["", "O", [1]]], [["", "|O8", [1]]], [["", "<U2", [1]]], [["", "|S8", [1]]], [["", "<c16", [1]]],
        [["", "<M8[s]", [1]]], [["", "f8", [1]]], [["", ">f8", [1]]], [["", "<f16", [1]]], [["", "|V8", [1]]],
        [["", "[('a', '<f8')]", [1]]], [["", ["<f8"], [1]]], [["", None, [1]]], [["", {"a": 1}, [1]]],
    ],
)  # fmt: skip
def test_only_plain_numbers_are_read(values):
    with pytest.raises(Broken, match="type"):
        reply(values, bytes(8))


@pytest.mark.parametrize(
    "shape",
    [
        [-1],
        [2],
        [1 << 62, 1 << 62],
        [1 << 40] * 16,
        [0, 1 << 62],
        [1] * 17,
        [True],
        [1.0],
        ["1"],
        None,
        1,
        [[1]],
        {"0": 1},
    ],
)
def test_a_shape_that_does_not_fit_what_was_sent_is_broken(shape):
    with pytest.raises(Broken):
        reply([["", "<f8", shape]], bytes(8))


@pytest.mark.parametrize(
    "values",
    [None, 3, "abc", {"a": 1}, [3], [["", "<f8"]], [["", "<f8", [1], 1]], [[3, "<f8", [1]]], [["n" * 201, "<f8", [1]]],
     [["a", "<f4", [1]], ["a", "<f4", [1]]], [["", "<f4", [1]]], [], [[str(i), "|u1", [0]] for i in range(1001)]],
)  # fmt: skip
def test_a_list_of_values_that_is_none_is_broken(values):
    with pytest.raises(Broken):
        wire.read_reply({"nonce": NONCE, "number": 0, "values": values}, bytes(8), NONCE, 0)


@pytest.mark.parametrize(
    "other",
    [
        {"nonce": "6" * 32},
        {"nonce": None},
        {"number": 1},
        {"number": -1},
        {"number": False},
        {"number": "0"},
        {"number": 0.0},
    ],
)
def test_the_answer_to_another_call_is_broken(other):
    with pytest.raises(Broken, match="question"):
        reply([["", "<f8", [1]]], bytes(8), **other)


@pytest.mark.parametrize(
    "error",
    [None, 3, [], ["E"] * 3,
     ["E", "", "1", ""], ["", "", 1, ""], ["a b", "", 1, ""], ["<b>", "", 1, ""], [3, "", 1, ""],
     ["E" * 99, "", 1, ""], ["E", "", True, ""]],
)  # fmt: skip
def test_an_error_that_is_none_is_broken(error):
    with pytest.raises(Broken):
        reply(error=error)


def test_truth_values_are_zero_or_one():
    with pytest.raises(Broken, match="truth"):
        reply([["", "|b1", [2]]], b"\x01\x02")


def test_text_cannot_turn_hide_or_end_its_line():
    found = reply(error=["E", "a\u202eb\x1b[31m\x00\r\u200b" + "x" * 9999, 1 << 80, 3])
    assert found.message.startswith("a\ufffdb\ufffd[31m\ufffd\ufffd\ufffdxx") and len(found.message) == wire.MOST_TEXT
    assert (found.line, found.text) == (10**6, "")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(["values", "error", "unusable", "changed", "x"]), JSON), st.binary(max_size=64))
def test_whatever_comes_it_is_a_reply_or_broken(parts, body):
    try:
        found = wire.read_reply({"nonce": NONCE, "number": 0, **parts}, body, NONCE, 0)
    except Broken:
        return
    assert isinstance(found, Reply)
    assert all(a.dtype.kind in "biuf" and a.nbytes <= len(body) for a in (found.values or {}).values())


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_whatever_bytes_come_they_are_a_message_or_an_error(data):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(data)
        theirs.close()
        with pytest.raises((Broken, Gone)):
            while True:
                wire.Line(ours).receive(soon(), most=100)
