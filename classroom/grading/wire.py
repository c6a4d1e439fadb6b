"""How judge and child talk: a JSON header and raw buffers over a socket; never pickle.

What the judge reads is hostile: sizes are checked before anything is allocated, a message has one deadline however
slowly its bytes drip, a reply must carry the number that its question drew by lot, and arrays hold bool, int, uint or
float and nothing else.
"""

from __future__ import annotations

import json
import math
import re
import select
import socket
import struct
import time
from dataclasses import dataclass, field

import numpy as np

FRAME = struct.Struct("<4sIQ")
MAGIC = b"nnc1"
MOST_HEADER = 1 << 18  # bytes of a header from a child
MOST_PROGRAM = 1 << 26  # bytes of a header from the judge: it holds a notebook's cells
WATCH = 0.05  # seconds between two looks at what a child does besides
AHEAD = 1 << 18  # bytes that are read at once
MOST_ARRAYS, MOST_AXES, MOST_NAME, MOST_TEXT = 1000, 16, 200, 2000
DTYPES = {"|b1", "|i1", "|u1", *(f"<{kind}{size}" for kind in "iuf" for size in (2, 4, 8))}
# What could turn a line of text around, hide it or end it: control characters and Unicode's direction marks.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)


class Broken(Exception):
    """The other side does not keep to the protocol."""


class Gone(Exception):
    """The other side has closed the line."""


class Late(Exception):
    """A message did not arrive whole before its deadline."""


def packed(header: dict, buffers=()) -> bytes:
    """A message as its bytes."""
    text = json.dumps(header).encode()
    return FRAME.pack(MAGIC, len(text), sum(len(b) for b in buffers)) + text + b"".join(buffers)


class Line:
    """One end of a socket that carries messages. Deadlines are times of `time.monotonic()`; None waits for ever.

    While it waits for the other side, it calls `watch()` now and then, which may end the waiting by an error.
    """

    def __init__(self, sock: socket.socket, watch=None):
        self.sock, self.ahead = sock, b""  # what was read already
        self.watch, self.watched = watch, time.monotonic()

    def send(self, header: dict, buffers=(), until: float | None = None) -> None:
        self.write(packed(header, buffers), until)

    def receive(self, until: float | None = None, most: int = 0, most_header: int = MOST_HEADER) -> tuple[dict, bytes]:
        """The next message: its header, and a body of `most` bytes or fewer."""
        magic, size, body = FRAME.unpack(self._read(FRAME.size, until))
        if magic != MAGIC or size > most_header or body > most:
            raise Broken(f"a message announces {size} bytes of header and {body} of data")
        text = self._read(size, until)
        try:
            header = json.loads(text.decode())
        except (ValueError, RecursionError) as problem:
            raise Broken(f"a header is not JSON: {type(problem).__name__}") from None
        if not isinstance(header, dict):
            raise Broken("a header is not an object")
        return header, self._read(body, until)

    def is_quiet(self) -> bool:
        """Is there nothing to read? Before a question there must not be."""
        return not self.ahead and not select.select([self.sock], [], [], 0)[0]

    def close(self) -> None:
        self.sock.close()

    def _read(self, size, until):
        parts, left = [], size
        while left:
            if not self.ahead:
                self.ahead = self._receive(until)
            part, self.ahead = self.ahead[:left], self.ahead[left:]
            parts.append(part)
            left -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _receive(self, until):
        while True:
            self._wait(until)
            try:
                part = self.sock.recv(AHEAD)
            except TimeoutError:
                part = None
            except OSError:
                raise Gone from None
            if self.watch and time.monotonic() - self.watched > WATCH:
                self.watch()
                self.watched = time.monotonic()
            if part:
                return part
            if part is not None:
                raise Gone

    def write(self, data: bytes, until: float | None = None) -> None:
        """Send messages that are packed already."""
        view = memoryview(data)
        while view:
            self._wait(until)
            try:
                view = view[self.sock.send(view[: 1 << 20]) :]
            except TimeoutError:
                continue
            except OSError:
                raise Gone from None

    def _wait(self, until):
        if until is None:
            self.sock.settimeout(None)
            return
        left = until - time.monotonic()
        if left <= 0:
            raise Late
        self.sock.settimeout(min(left, WATCH) if self.watch else left)


# --- arguments: from the judge to the child --------------------------------------------------------------------------


def encode(value, buffers: list[bytes]):
    """`value` as JSON; its arrays go to `buffers`. Arrays, numbers, strings, None; lists, tuples, dicts of them."""
    if isinstance(value, (np.ndarray, np.generic)):
        array = np.asarray(value, order="C")
        array = array.astype(array.dtype.newbyteorder("<"), copy=False)
        buffers.append(array.tobytes())
        kind = "array" if isinstance(value, np.ndarray) else "number"
        return {"$": kind, "dtype": array.dtype.str, "shape": list(array.shape)}
    if isinstance(value, (tuple, list)):
        items = [encode(v, buffers) for v in value]
        return {"$": "tuple", "items": items} if isinstance(value, tuple) else items
    if isinstance(value, dict):
        return {"$": "dict", "items": [[encode(k, buffers), encode(v, buffers)] for k, v in value.items()]}
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise ValueError(f"A case holds an object of type {type(value).__name__}; use arrays, numbers, strings and None.")


class Decoder:
    """Turns what `encode` gave back into fresh values; the buffers are read in the order in which they were written."""

    def __init__(self, body: bytes):
        self.body, self.at = body, 0

    def value(self, item):
        if isinstance(item, list):
            return [self.value(v) for v in item]
        if not isinstance(item, dict):
            return item
        if item["$"] == "tuple":
            return tuple(self.value(v) for v in item["items"])
        if item["$"] == "dict":
            return {self.value(k): self.value(v) for k, v in item["items"]}
        array, self.at = _array(self.body, self.at, item["dtype"], item["shape"])
        return array if item["$"] == "array" else array[()]


def _array(body, at, dtype, shape):
    dtype = np.dtype(dtype)
    count = math.prod(shape)
    return np.frombuffer(body, dtype, count, at).reshape(shape).copy(), at + count * dtype.itemsize


# --- replies: from the child to the judge ------------------------------------------------------------------------


@dataclass
class Reply:
    """What one call gave: values, an error in the learner's code, or a sentence why nothing can be compared."""

    values: dict[str, np.ndarray] | None = None
    error: str = ""
    message: str = ""
    line: int | None = None
    text: str = ""
    unusable: str = ""
    changed: list[int] = field(default_factory=list)


def reply_header(reply: Reply, nonce: str, number: int) -> tuple[dict, list[bytes]]:
    """The message that says `reply`, as the answer to case `number` of the question `nonce`."""
    header, buffers = {"nonce": nonce, "number": number}, []
    if reply.values is not None:
        arrays = {name: _plain(array) for name, array in reply.values.items()}
        buffers = [array.tobytes() for array in arrays.values()]
        header["values"] = [[name, array.dtype.str, list(array.shape)] for name, array in arrays.items()]
        header["changed"] = reply.changed
    elif reply.unusable:
        header["unusable"] = reply.unusable[:MOST_TEXT]
    else:
        header["error"] = [reply.error[:MOST_NAME], reply.message[:MOST_TEXT], reply.line, reply.text[:MOST_TEXT]]
    return header, buffers


def _plain(array):
    """`array` in a form that may travel: little-endian, and a long double as a double."""
    array = np.asarray(array, order="C")
    if array.dtype.kind == "f" and array.dtype.itemsize > 8:
        array = array.astype("<f8")
    return array.astype(array.dtype.newbyteorder("<"), copy=False)


def read_reply(header: dict, body: bytes, nonce: str, number: int) -> Reply:
    """The reply in a message, or `Broken` if it is not one to case `number` of the question `nonce`."""
    if header.get("nonce") != nonce or not _is(header.get("number"), int) or header["number"] != number:
        raise Broken("a reply does not belong to the question that was asked")
    if "values" in header:
        changed = header.get("changed", [])
        if not isinstance(changed, list) or len(changed) > 100 or not all(_is(i, int) for i in changed):
            raise Broken("a reply names arguments that are not numbers")
        return Reply(_read_values(header["values"], body), changed=changed)
    if body:
        raise Broken("a reply without values has data")
    if "unusable" in header:
        return Reply(unusable=clean(header["unusable"]) or "What came back cannot be compared.")
    parts = header.get("error")
    if not isinstance(parts, list) or len(parts) != 4 or not (parts[2] is None or _is(parts[2], int)):
        raise Broken("a reply is neither values nor an error")
    name, message, line, text = parts
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z_]\w{0,80}", name):
        raise Broken("an error has no name")
    return Reply(error=name, message=clean(message), line=line and max(0, min(line, 10**6)), text=clean(text))


def _read_values(listed, body):
    if not isinstance(listed, list) or len(listed) > MOST_ARRAYS:
        raise Broken("the list of values is none, or too long")
    values, at = {}, 0
    for item in listed:
        if not isinstance(item, list) or len(item) != 3:
            raise Broken("a value is not described by name, dtype and shape")
        name, dtype, shape = item
        if not isinstance(name, str) or len(name) > MOST_NAME:
            raise Broken("a value has a name that is none")
        if not isinstance(dtype, str) or dtype not in DTYPES:
            raise Broken("a value has a type that is not allowed")
        if not isinstance(shape, list) or len(shape) > MOST_AXES or not all(_is(n, int) and n >= 0 for n in shape):
            raise Broken("a value has a shape that is none")
        # a hundred axes of any size would make numbers that take long to multiply: bound each before the product
        if any(n > 1 << 40 for n in shape) or math.prod(shape) * np.dtype(dtype).itemsize > len(body) - at:
            raise Broken("a value is larger than what was sent")
        if (name := clean(name)) in values:
            raise Broken("two values have the same name")
        if dtype == "|b1" and set(body[at : at + math.prod(shape)]) - {0, 1}:
            raise Broken("a truth value is neither 0 nor 1")
        values[name], at = _array(body, at, dtype, shape)
    if at != len(body):
        raise Broken("there is more data than values")
    return values


def clean(text, most: int = MOST_TEXT) -> str:
    """`text` without characters that act on what surrounds them, and not longer than `most`; "" if it is no text."""
    return UNPRINTABLE.sub("\ufffd", text[:most]) if isinstance(text, str) else ""


def _is(value, kind):
    return type(value) is kind  # True is an int, but not here
