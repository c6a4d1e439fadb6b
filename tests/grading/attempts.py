"""What a learner's code may try against whoever grades, as code for a notebook; the report says what came of each."""

import re

TRY = """
import ctypes, fcntl, json, os, resource, signal, socket, subprocess, sys, threading
library, found = ctypes.CDLL(None, use_errno=True), {}

def kernel(number, *arguments):
    if library.syscall(number, *arguments) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

def control(*arguments):
    if library.prctl(*arguments, 0, 0, 0):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

def is_open(fd):
    try:
        os.fstat(fd)
    except OSError:
        return False
    return True

parent = os.getppid() or 1
attempts = {
    "socket": lambda: socket.socket(),
    "udp": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
    "socketpair": lambda: socket.socketpair(),
    "fork": lambda: os.fork(),
    "vfork": lambda: kernel(58),
    "clone": lambda: kernel(56, 17, 0, 0, 0, 0),
    "clone3": lambda: kernel(435, 0, 0),
    "subprocess": lambda: subprocess.run(["ls"]),
    "exec": lambda: os.execv("/bin/ls", ["ls"]),
    "kill parent": lambda: os.kill(parent, 9),
    "kill all": lambda: os.kill(-1, 9),
    "kill group": lambda: os.killpg(0, 9),
    "signal by file owner": lambda: fcntl.fcntl(3, 8, parent),
    "pidfd": lambda: kernel(434, parent, 0),
    "ptrace": lambda: kernel(101, 16, parent, 0, 0),
    "memory of the parent": lambda: open(f"/proc/{parent}/maps").read(1),
    "limits of the parent": lambda: kernel(302, parent + 100, 7, 0, 0),
    "priority of the parent": lambda: os.setpriority(0, parent, 19),
    "processor of the parent": lambda: os.sched_setaffinity(parent, {0}),
    "read lessons": lambda: os.listdir(ROOT + "/lessons"),
    "read solutions": lambda: os.listdir(ROOT + "/solutions"),
    "read the system": lambda: open("/etc/passwd").read(1),
    "read gradebook": lambda: open(SECRET).read(1),
    "write gradebook": lambda: open(SECRET, "w"),
    "cut gradebook": lambda: os.truncate(SECRET, 0),
    "remove gradebook": lambda: os.remove(SECRET),
    "list /": lambda: os.listdir("/"),
    "list processes": lambda: os.listdir("/proc"),
    "list temporary files": lambda: os.listdir("/tmp"),
    "write outside": lambda: open("../x", "w"),
    "write a package": lambda: open(os.__file__, "a"),
    "chmod": lambda: os.chmod(SECRET, 0o777),
    "chown": lambda: os.chown(SECRET, os.getuid(), os.getgid()),
    "utime": lambda: os.utime(SECRET),
    "utime own": lambda: os.utime("own"),
    "setxattr": lambda: os.setxattr("own", "user.a", b"1"),
    "symlink": lambda: os.symlink("/etc", "etc"),
    "link": lambda: os.link(SECRET, "mine"),
    "rename out": lambda: os.rename("own", "/tmp/own"),
    "fifo": lambda: os.mkfifo("fifo"),
    "mount": lambda: kernel(165, b"none", b"/tmp", b"tmpfs", 0, None),
    "unshare": lambda: kernel(272, 0x10000000),
    "bpf": lambda: kernel(321, 0, 0, 0),
    "keyctl": lambda: kernel(250, 0, -3, 0),
    "memfd": lambda: os.memfd_create("x"),
    "io_uring": lambda: kernel(425, 8, 0),
    "shared memory": lambda: kernel(29, 0, 4096, 0o1600),
    "raise a limit": lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (9999, 9999)),
    "become root": lambda: os.setuid(0),
    "outlive the parent": lambda: control(1, 0),
    "be readable": lambda: control(4, 1),
    "type into a terminal": lambda: fcntl.ioctl(0, 0x5412, b"x"),
    "a large file": lambda: open("big", "wb").write(bytes(1 << 25)),
    "much memory": lambda: bytes(3 << 30),
    "other files": lambda: 1 / 0 if [fd for fd in range(64) if is_open(fd)] == [0, 1, 2, 3] else None,
}
allowed = {
    "a file of its own": lambda: open("own", "w").write("1"),
    "a folder of its own": lambda: os.makedirs("a/b"),
    "a thread": lambda: threading.Thread(target=print).start(),
    "a package": lambda: __import__("numpy.polynomial"),
    "an environment without secrets": lambda: 1 / ("CLASSROOM_SECRET" not in os.environ),
}
for group in (allowed, attempts):
    for name, attempt in group.items():
        try:
            attempt()
            found[name] = "done"
        except BaseException as error:
            found[name] = type(error).__name__
raise RuntimeError("report " + json.dumps([found[name] == "done" for group in (allowed, attempts) for name in group]))
"""


def names() -> tuple[list[str], list[str]]:
    """What is allowed, and what is attempted, in the order of the report."""
    attempts, allowed = TRY.split("attempts = {")[1].split("allowed = {")
    allowed = allowed.split("\n}\n")[0]
    return tuple(re.findall(r'^    "([^"]+)": lambda', part, re.MULTILINE) for part in (allowed, attempts))


def code(root, secret) -> str:
    """The code, with the course's folder and a file that belongs to whoever grades."""
    return f"ROOT, SECRET = {str(root)!r}, {str(secret)!r}\n{TRY}"
