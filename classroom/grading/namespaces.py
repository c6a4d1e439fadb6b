"""Linux's walls around a zygote, by the C library: namespaces, a root directory that holds Python alone, no rights.

The zygote enters once; every child shares its empty network and its small file system. A process namespace is made for
each child: when its first process ends, the kernel ends all others.
"""

import contextlib
import ctypes
import os
import signal
import stat
from collections.abc import Iterable

NEWNS, NEWIPC, NEWUSER, NEWPID, NEWNET, NEWUTS = 0x20000, 0x8000000, 0x10000000, 0x20000000, 0x40000000, 0x4000000
RDONLY, NOSUID, NODEV, BIND, REC, PRIVATE, DETACH = 1, 2, 4, 4096, 16384, 1 << 18, 2
MOUNT_SETATTR, RECURSIVE, AT_FDCWD = 442, 0x8000, -100
PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
DAC_READ_SEARCH = 1 << 2
SET_KEEPCAPS = 8
SET_PDEATHSIG, SET_DUMPABLE, SET_NO_NEW_PRIVS, SET_CHILD_SUBREAPER = 1, 4, 38, 36
CAPSET_VERSION = 0x20080522
ROOT_LINKS = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")

_libc = ctypes.CDLL(None, use_errno=True)


def call(name: str, *arguments) -> int:
    """A function of the C library; a failure raises OSError."""
    found = getattr(_libc, name)(*arguments)
    if found == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return found


def prctl(option: int, value: int = 0) -> None:
    call("prctl", option, ctypes.c_ulong(value), ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0))


def enter() -> None:
    """Leave the system's namespaces; an ordinary user does that by a user namespace in which she stays herself.

    From here on it is a fork that runs: it is the first process of a process namespace and dies with what it came from.
    """
    kinds = NEWNS | NEWIPC | NEWNET | NEWUTS | NEWPID
    if os.geteuid() == 0:
        call("unshare", kinds)
    else:
        uid, gid = os.geteuid(), os.getegid()
        call("unshare", NEWUSER | kinds)
        for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
            with open(f"/proc/self/{name}", "w") as file:
                file.write(text)
    if inner := os.fork():
        prctl(SET_DUMPABLE, 0)
        os.closerange(0, 1 << 20)
        os._exit(os.waitstatus_to_exitcode(os.waitpid(inner, 0)[1]) & 0xFF)
    prctl(SET_PDEATHSIG, signal.SIGKILL)


def small_root(shown: Iterable[str], work: str) -> None:
    """A root directory that holds `shown` (for reading), four devices, and an empty directory `work`."""
    mount("none", "/", None, REC | PRIVATE)
    shown = [*_without_inner(os.path.realpath(path) for path in shown if os.path.exists(path)), *DEVICES]
    opened = [(path, os.open(path, os.O_PATH | os.O_CLOEXEC)) for path in shown]
    links = {name: os.readlink(f"/{name}") for name in ROOT_LINKS if os.path.islink(f"/{name}")}
    mount("tmpfs", "/tmp", "tmpfs", NOSUID | NODEV, "size=1m,mode=755")
    for path, fd in opened:
        target = "/tmp" + path
        if stat.S_ISDIR(os.fstat(fd).st_mode):
            os.makedirs(target, exist_ok=True)
        else:
            os.makedirs(os.path.dirname(target), exist_ok=True)
            os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o644))
        mount(f"/proc/self/fd/{fd}", target, None, BIND | REC)
        _read_only(target, device=path in DEVICES)
        os.close(fd)
    for name, to in links.items():
        with contextlib.suppress(FileExistsError):
            os.symlink(to, f"/tmp/{name}")
    os.makedirs("/tmp" + work)
    os.chdir("/tmp")
    call("syscall", PIVOT_ROOT[os.uname().machine], b".", b".")
    call("umount2", b".", DETACH)
    os.chdir("/")


def _without_inner(paths):
    """`paths` without those that lie in another one of them, sorted."""
    kept = []
    for path in sorted(set(paths)):
        if not any(path == outer or path.startswith(outer.rstrip("/") + "/") for outer in kept):
            kept.append(path)
    return kept


def mount(source: str, target: str, kind: str | None, flags: int, options: str = "") -> None:
    call("mount", source.encode(), target.encode(), kind and kind.encode(), ctypes.c_ulong(flags), options.encode())


class _Attributes(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("set", "clear", "propagation", "userns")]


def _read_only(target, device):
    attributes = _Attributes(set=NOSUID if device else RDONLY | NOSUID | NODEV)
    size = ctypes.c_size_t(ctypes.sizeof(attributes))
    call("syscall", MOUNT_SETATTR, AT_FDCWD, target.encode(), RECURSIVE, ctypes.byref(attributes), size)


def fresh_folder(path: str, size: int, entries: int, uid: int, gid: int) -> None:
    """An empty file system of `size` bytes in memory, at `path`."""
    mount("tmpfs", path, "tmpfs", NOSUID | NODEV, f"size={size},nr_inodes={entries},mode=700,uid={uid},gid={gid}")


def keep_capabilities(kept: int = 0) -> None:
    """Give up every capability but those in the bits of `kept`, for good: none is left that could bring one back."""
    header = (ctypes.c_uint32 * 2)(CAPSET_VERSION, 0)
    call("capset", header, (ctypes.c_uint32 * 6)(kept, kept))
