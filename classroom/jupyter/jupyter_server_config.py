"""Settings that the course gives to JupyterLab (start.py names this folder in JUPYTER_CONFIG_PATH): sliders that answer
at once. Where one cannot be made (another server, a changed one), everything works, a little slower.

TCP waits up to 40 ms to put small messages together, and Jupyter never tells it not to. The browser's web socket to
the kernel is told here, when it opens.

What a slider sets off runs in the kernel's main thread (`commsOverSubshells`), as every cell does: so "Interrupt" ends
an endless loop in a learner's `update`, and nothing is drawn while a cell changes what is drawn from. JupyterLab's own
choice is a thread beside it, which no interrupt reaches.

Every answer of a kernel makes it busy and idle again, and each time JupyterLab draws that. So `labconfig` says:
- The circle that shows it stands in the status bar. In the notebook's toolbar it makes JupyterLab look through all the
  buttons for those that can be focused, and lay out the page for it.
- The page's icon does not show it too: the browser would fetch another icon from the server, twice for each answer.
- No question about news from the internet on a learner's first screen; the course works offline.
Who wants it otherwise changes it in JupyterLab's settings: Kernels, and Notebook, "Kernel status icon configuration".
"""

import contextlib

with contextlib.suppress(ImportError, AttributeError):
    from jupyter_server.services.kernels.websocket import KernelWebsocketHandler

    def _open_without_delay(self, *args, _open=KernelWebsocketHandler.open, **kwargs):
        with contextlib.suppress(Exception):
            self.set_nodelay(True)
        return _open(self, *args, **kwargs)

    KernelWebsocketHandler.open = _open_without_delay
