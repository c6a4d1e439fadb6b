"""The server's setting: a web socket to a kernel opens without delay; where that cannot be, it opens all the same."""

import asyncio
import runpy
import sys

import pytest
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler

from classroom.paths import ROOT

CONFIG = str(ROOT / "classroom" / "jupyter_server_config.py")


class Socket:
    """What the setting needs of a handler."""

    def __init__(self, willing):
        self.willing, self.without_delay, self.opened = willing, False, None

    def set_nodelay(self, value):
        if not self.willing:
            raise OSError("not a TCP socket")
        self.without_delay = value


@pytest.mark.parametrize("willing", [True, False])
def test_sockets_open_without_delay_where_they_can(monkeypatch, willing):
    async def plain_open(self, kernel):
        self.opened = kernel

    monkeypatch.setattr(KernelWebsocketHandler, "open", plain_open)
    runpy.run_path(CONFIG)
    socket = Socket(willing)
    asyncio.run(KernelWebsocketHandler.open(socket, "kernel 1"))
    assert socket.opened == "kernel 1" and socket.without_delay is willing


def test_another_server_is_left_alone(monkeypatch):
    monkeypatch.setitem(sys.modules, "jupyter_server.services.kernels.websocket", None)
    runpy.run_path(CONFIG)
