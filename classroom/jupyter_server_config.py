"""Settings that the course gives to Jupyter's server (`--config`): sliders that answer at once.

TCP waits up to 40 ms to put small messages together, and Jupyter never tells it not to. The browser's web socket to
the kernel is told here, when it opens. Where that cannot be done (another server, a changed one), everything works,
a little slower.
"""

import contextlib

with contextlib.suppress(ImportError, AttributeError):
    from jupyter_server.services.kernels.websocket import KernelWebsocketHandler

    def _open_without_delay(self, *args, _open=KernelWebsocketHandler.open, **kwargs):
        with contextlib.suppress(Exception):
            self.set_nodelay(True)
        return _open(self, *args, **kwargs)

    KernelWebsocketHandler.open = _open_without_delay
