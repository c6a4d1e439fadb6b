"""Attacks on the line to the judge, by code that finds the socket and writes to it itself; and on the zygote."""

from tests.grading.corpus import attack

# Finds the socket to the judge: by looking for it among the objects, and by trying every file descriptor.
FIND = """
import gc, os, socket, stat, struct, json, time
fds = []
for fd in range(64):
    try:
        if stat.S_ISSOCK(os.fstat(fd).st_mode): fds.append(fd)
    except OSError: pass
def frame(header, body=b'', magic=b'nnc1', size=None, length=None):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack('<4sIQ', magic, len(text) if size is None else size, len(body) if length is None else length) + text + body
def send(data):
    for fd in fds:
        try: os.write(fd, data)
        except OSError: pass
def nonces():
    for thing in gc.get_objects():
        if isinstance(thing, dict) and 'nonce' in thing: yield thing['nonce']
"""
REPLY = "{'nonce': n, 'number': k, 'values': [['', '<f8', [3]]], 'changed': []}"


def cell(name, act, **about):
    """Spoken unasked, from a cell. What drowns its author's own answers may cost them, and gains nothing."""
    return attack(name, FIND + act, least=0, **about)


def call(name, act, points=10.0, **about):
    """Spoken while a question is open, from inside the function of task 5: it costs that task alone."""
    return attack(name, FIND + act, "inside", points=points, **about)


ENTRIES = [
    cell("forged: all cells have run", "send(frame({'ran': []}))"),
    cell("forged: a reply before the question", "for k in range(50): send(frame({'nonce': '0' * 32, 'number': k, 'values': [['', '<f8', []]], 'changed': []}, b'\\0' * 8))"),
    cell("forged: half a header", "send(b'nnc1' + b'\\x10')", slow=True),
    cell("forged: no magic", "send(b'GET / HTTP/1.0\\r\\n\\r\\n' * 10)"),
    cell("forged: a header of four gigabytes", "send(frame({}, size=2**32 - 1))"),
    cell("forged: a body of sixteen exabytes", "send(frame({}, length=2**64 - 1))"),
    cell("forged: a header that is no JSON", "send(frame(b'\\xff\\xfe{]'))"),
    cell("forged: a header nested ten thousand deep", "send(frame(b'[' * 10000))"),
    cell("forged: numbers of ten thousand digits", "send(frame(b'{\"cell\": ' + b'9' * 10000 + b'}'))"),
    cell("forged: a cell that is none", "send(frame({'cell': 10**9})); send(frame({'cell': True})); send(frame({'cell': [1]}))"),
    cell("forged: a flood of messages", "for _ in range(5000): send(frame({'cell': 1}))", slow=True),
    cell("forged: errors with script in other cells", "send(frame({'ran': [[1, '<script>', '<b>', 1, 'x'], [{}, 1, 2, 3, 4], 'x', None] * 1000}))"),
    cell("the line is closed", "for fd in fds: os.close(fd)"),
    cell("the line is shut at one end", "import socket\nfor fd in fds:\n    s = socket.socket(fileno=fd)\n    s.shutdown(socket.SHUT_WR)"),
    cell("the line is replaced", "for fd in fds: os.dup2(os.open('/dev/zero', os.O_RDONLY), fd)", slow=True),
    cell("the line is read by another thread", "import threading\ndef read():\n    while True:\n        for fd in fds:\n            try: os.read(fd, 1 << 20)\n            except OSError: pass\nthreading.Thread(target=read, daemon=True).start()\ntime.sleep(0.3)", slow=True),
    cell("answers in advance by a thread, with nonces from the heap", "import threading\ndef forge():\n    while True:\n        for n in list(nonces()):\n            for k in range(20): send(frame(" + REPLY + ", b'\\0' * 24))\n        time.sleep(0.001)\nthreading.Thread(target=forge, daemon=True).start()"),
    call("a reply for the next case", "for n in nonces():\n    for k in range(1, 6): send(frame(" + REPLY + ", b'\\0' * 24))"),
    call("a reply for the next task, with this one's nonce", "for n in list(nonces()):\n    for k in range(40): send(frame({'nonce': n, 'number': k, 'values': [['', '<f8', [4]]], 'changed': []}, b'\\0' * 32))"),
    call("wrong types of numbers", "for n in nonces(): send(frame({'nonce': n, 'number': 0, 'values': [['', '|O', [1]]], 'changed': []}, b'\\0' * 8))"),
    call("a type that numpy would evaluate", "for n in nonces(): send(frame({'nonce': n, 'number': 0, 'values': [['', 'f8,(100000,100000)f8', [1]]], 'changed': []}, b''))"),
    call("a negative shape", "for n in nonces(): send(frame({'nonce': n, 'number': 0, 'values': [['', '<f8', [-1]]], 'changed': []}, b'\\0' * 8))"),
    call("a shape beyond all memory", "for n in nonces(): send(frame({'nonce': n, 'number': 0, 'values': [['', '<f8', [2**40, 2**40]]], 'changed': []}, b'\\0' * 8))"),
    call("a shape of floats and truths", "for n in nonces(): send(frame({'nonce': n, 'number': 0, 'values': [['', '<f8', [True, 1.0, None]]], 'changed': []}, b'\\0' * 8))"),
    call("a thousand values", "for n in nonces(): send(frame({'nonce': n, 'number': 0, 'values': [[str(i), '<f8', []] for i in range(2000)], 'changed': []}, b'\\0' * 16000))"),
    call("names with script and no end", "for n in nonces(): send(frame({'nonce': n, 'number': 0, 'values': [['<script>' * 9999, '<f8', []]], 'changed': []}, b'\\0' * 8))"),
    call("changed arguments that are none", "for n in nonces(): send(frame({'nonce': n, 'number': 0, 'values': [['', '<f8', []]], 'changed': [10**30, -1, 'x', None]}, b'\\0' * 8))"),
    call("a body shorter than it says, for ever", "for n in nonces(): send(frame({'nonce': n, 'number': 0, 'values': [['', '<f8', [3]]]}, b'\\0' * 8, length=24))\ntime.sleep(1000)", slow=True),
    call("a slow drip", "data = frame({'nonce': 'x' * 1000, 'number': 0})\nfor i in range(len(data)):\n    send(data[i:i + 1])\n    time.sleep(0.2)", slow=True),
    call("a reply without its parts", "for n in nonces(): send(frame({'nonce': n, 'number': 0}))"),
    call("an error that claims to be the machine's", "for n in nonces(): send(frame({'nonce': n, 'number': 0, 'error': ['not judged', 'passed', None, '']}))"),
    call("a flood of not-a-number", "return np.full(x.shape[:-1] + (1000,), np.nan)"),
    call("infinities, subnormals and minus zero", "return np.array([np.inf, -np.inf, 5e-324, -0.0])"),
    call("a result of a gigabyte", "return np.zeros(1 << 27)"),
    call("a result that never ends", "def forever():\n    while True: yield 1.0\nreturn list(forever())", slow=True),
    call("a result that holds itself", "a = []\na.append(a)\nreturn a"),
    call("a dict with a million keys", "return {str(i): i for i in range(1_000_000)}", slow=True),
    call("objects in an array", "return np.array([object(), __import__('os').system], dtype=object)"),
    call("a pickle that runs code", "class P:\n    def __reduce__(self): return (__import__('os').system, ('touch /tmp/note_pickled',))\nreturn np.array([P()], dtype=object)"),
    call("a subclass that answers later", "class Late(np.ndarray):\n    def tobytes(self, *a): return b'\\0' * 10**7\n    nbytes = 8\nreturn np.zeros(3).view(Late)"),
    call("bytes that are no numbers", "return np.array(['<script>alert(1)</script>'])"),
    call("complex numbers and times", "return np.array([1 + 2j, np.nan])"),
    cell("the zygote is asked for a child", "import socket\nfor fd in range(64):\n    for order in (b'{\"do\": \"fork\"}', b'{\"do\": \"end\"}', b'{\"trouble\": \"x\"}', b'{\"left\": 0}'):\n        try: socket.socket(fileno=os.dup(fd)).send(order)\n        except OSError: pass"),
    attack("the zygote is killed", FIND + "import signal\nfor pid in {os.getppid(), 1, os.getpid() - 1, os.getpgid(0), @judge@}:\n    for sig in (signal.SIGTERM, signal.SIGKILL, signal.SIGSTOP):\n        try: os.kill(pid, sig) if pid != os.getpid() else None\n        except OSError: pass"),
    attack("everyone is killed", FIND + "import signal\ntry: os.kill(-1, signal.SIGKILL)\nexcept OSError: pass\ntry: os.killpg(0, signal.SIGSTOP)\nexcept OSError: pass"),
    attack("the zygote is traced", FIND + "import ctypes\nlibc = ctypes.CDLL(None)\nfor request in (0, 16, 0x4206):\n    libc.ptrace(request, os.getppid(), 0, 0)"),
    attack("the zygote's memory is read and written", FIND + "for name in ('mem', 'maps', 'environ', 'fd/3'):\n    for pid in (os.getppid(), @judge@, 1):\n        for mode in ('rb', 'r+b'):\n            try: open(f'/proc/{pid}/{name}', mode).read(100)\n            except (OSError, ValueError): pass"),
]  # fmt: skip
