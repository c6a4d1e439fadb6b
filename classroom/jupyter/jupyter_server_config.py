"""Settings that the course gives to JupyterLab (start.py names this folder in JUPYTER_CONFIG_PATH): sliders that answer
at once. Where one cannot be made (another server, a changed one), everything works, a little slower.

TCP waits up to 40 ms to put small messages together, and Jupyter never tells it not to. The browser's web socket to
the kernel is told here, when it opens.

Every answer of a kernel makes it busy and idle again, and each time JupyterLab draws that. So `labconfig` says:
- The circle that shows it stands in the status bar. In the notebook's toolbar it makes JupyterLab look through all the
  buttons for those that can be focused, and lay out the page for it.
- The page's icon does not show it too: the browser would fetch another icon from the server, twice for each answer.
- No question about news from the internet on a learner's first screen; the course works offline.
Who wants it otherwise changes the first in JupyterLab's settings (Notebook, "Kernel status icon configuration").
"""

import contextlib

with contextlib.suppress(ImportError, AttributeError):
    from jupyter_server.services.kernels.websocket import KernelWebsocketHandler

    def _open_without_delay(self, *args, _open=KernelWebsocketHandler.open, **kwargs):
        with contextlib.suppress(Exception):
            self.set_nodelay(True)
        return _open(self, *args, **kwargs)

    KernelWebsocketHandler.open = _open_without_delay
