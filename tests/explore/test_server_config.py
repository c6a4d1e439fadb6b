"""The settings of JupyterLab: a web socket to a kernel opens without delay, and where that cannot be it opens all the
same; what is drawn at each answer of a kernel; and that the launcher passes them on."""

import asyncio
import os
import runpy
import socket
import subprocess
import sys

import pytest
from jupyter_core.paths import jupyter_config_path
from jupyter_server.services.config import ConfigManager
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application
from tornado.websocket import WebSocketHandler, websocket_connect

from classroom.paths import ROOT

SETTINGS = ROOT / "classroom" / "jupyter"
CONFIG = str(SETTINGS / "jupyter_server_config.py")


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


@pytest.mark.parametrize("with_setting", [True, False])
def test_a_real_connection_has_the_option_set(monkeypatch, with_setting):
    """TCP_NODELAY as the system has it, on the server's end of a web socket of Jupyter's own class."""
    seen = []

    async def plain_open(self, kernel):
        seen.append(self.ws_connection.stream.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        self.close()

    class Handler(KernelWebsocketHandler):  # without what a whole server would have to give it
        get = WebSocketHandler.get
        prepare = on_close = on_message = lambda self, *args: None
        set_default_headers = check_origin = lambda self, *args: True
        select_subprotocol = lambda self, offered: None  # noqa: E731

    monkeypatch.setattr(KernelWebsocketHandler, "open", plain_open)
    if with_setting:
        runpy.run_path(CONFIG)

    async def connect():
        server = HTTPServer(Application([(r"/(kernel)", Handler)]))
        sockets = bind_sockets(0, "127.0.0.1")
        server.add_sockets(sockets)
        page = await websocket_connect(f"ws://127.0.0.1:{sockets[0].getsockname()[1]}/kernel")
        assert await page.read_message() is None, "closed by our open"
        server.stop()

    asyncio.run(connect())
    assert [bool(option) for option in seen] == [with_setting]


def test_another_server_is_left_alone(monkeypatch):
    monkeypatch.setitem(sys.modules, "jupyter_server.services.kernels.websocket", None)
    runpy.run_path(CONFIG)


@pytest.mark.parametrize("own", [None, "mine"])
def test_the_launcher_starts_jupyterlab_with_them_and_keeps_what_was_there(monkeypatch, own):
    if own:
        monkeypatch.setenv("JUPYTER_CONFIG_PATH", own)
    else:
        monkeypatch.delenv("JUPYTER_CONFIG_PATH", raising=False)
    environments = []
    start = runpy.run_path(str(ROOT / "start.py"))
    monkeypatch.setattr("subprocess.call", lambda command, env=None, **more: environments.append(env) or 0)
    start["open_lab"](no_browser=True, port=8888)
    assert environments[-1]["JUPYTER_CONFIG_PATH"].split(os.pathsep) == [str(SETTINGS), *([own] if own else [])]


def test_jupyter_finds_them_there(monkeypatch):
    """What Jupyter itself reads when this folder is named; the browser's tests see it at work."""
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(SETTINGS))
    assert str(SETTINGS) in jupyter_config_path()
    read = ConfigManager(config_dir_name="labconfig").get
    disabled = read("page_config")["disabledExtensions"]
    assert disabled["@jupyterlab/application-extension:faviconbusy"]
    assert disabled["@jupyterlab/apputils-extension:announcements"]
    assert read("default_setting_overrides")["@jupyterlab/notebook-extension:tracker"]["kernelStatus"][
        "showOnStatusBar"
    ]


def test_jupyters_server_runs_the_file_there():
    """In a process of its own, since it changes the class for good."""
    script = "from jupyter_server.serverapp import ServerApp; ServerApp().load_config_file(suppress_errors=False); "
    script += (
        "from jupyter_server.services.kernels.websocket import KernelWebsocketHandler as H; print(H.open.__name__)"
    )
    environment = {**os.environ, "JUPYTER_CONFIG_PATH": str(SETTINGS)}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True)
    assert done.stdout.split() == ["_open_without_delay"], done.stderr
