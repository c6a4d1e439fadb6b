"""What holds a learner's code: which layers this system has, in words for the gradebook, and putting them on.

The layers: a user id of its own (where grading was started by root), namespaces, landlock (no file but Python's),
seccomp (no process, no socket, no signal, no change of a file's owner, mode or times), limits on memory and time.
Filters are made once, in the zygote; a child puts them on in microseconds.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import os
import socket
import subprocess
import sys
import sysconfig
import tempfile
from dataclasses import dataclass
from pathlib import Path

MODES = ("full", "landlock", "process")  # from strict to none; the middle one is landlock, seccomp and limits
LEAST_UID, UIDS = 62_000, 3_000  # user ids that no system gives to people or services by itself
MOST_FILES, FILE_SIZE = 64, 1 << 24  # that a child has open; bytes of one
FOLDER_SIZE, MOST_ENTRIES = 1 << 26, 4096  # of all it writes
SECCOMP_MODE_FILTER, PR_SET_SECCOMP = 2, 22
PATHS_OF_LIBRARIES = ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib", "/lib64")
PATHS_OF_DATA = ("/etc/ld.so.cache", "/etc/localtime", "/usr/share/zoneinfo", "/usr/share/fonts")


class Refused(Exception):
    """Learners' code must not be run like this; the text says why, and what to do."""


@dataclass(frozen=True)
class Isolation:
    """The layers in force."""

    own_user: bool = False
    namespaces: bool = False
    landlock: int = 0  # the version of the kernel's interface
    seccomp: bool = False
    limits: bool = False

    def __str__(self) -> str:
        layers = {
            "own user": self.own_user,
            "namespaces": self.namespaces,
            f"landlock {self.landlock}": self.landlock,
            "seccomp": self.seccomp,
            "limits": self.limits,
        }
        found = [name for name, there in layers.items() if there]
        if self.landlock and self.seccomp:
            return " + ".join(found)
        open_ = "marks are protected, files of whoever grades are not"
        return f"process of its own{''.join(f' + {name}' for name in found)} ({open_})"


@functools.lru_cache(maxsize=1)
def available() -> Isolation:
    """The layers that hold here, each tried. (In a process of its own: entering a namespace cannot be undone.)"""
    if not sys.platform.startswith("linux"):
        return Isolation(limits=os.name == "posix")
    code = f"import sys; sys.path[:0] = {[str(_packages())]!r}; "
    code += "from classroom.grading import sandbox; sandbox.try_namespaces()"
    tried = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True)
    return Isolation(
        own_user=os.geteuid() == 0,
        namespaces=tried.returncode == 0,
        landlock=_landlock_version(),
        seccomp=_has_seccomp(),
        limits=True,
    )


def try_namespaces() -> None:
    """Enter namespaces as a zygote does; an error if the system does not permit it."""
    from classroom.grading import namespaces

    namespaces.enter()
    own = os.open("/proc/self/ns/pid", os.O_RDONLY)
    namespaces.small_root(readable(), "/.marked")
    namespaces.call("unshare", namespaces.NEWPID)
    namespaces.call("setns", own, namespaces.NEWPID)


def _landlock_version():
    try:
        import py_landlock

        return int(py_landlock.get_abi_version())
    except Exception:  # not installed, or the kernel has none
        return 0


def _has_seccomp():
    try:
        import pyseccomp  # noqa: F401 - its import fails where the system's library is missing
    except Exception:
        return False
    return os.path.exists("/proc/sys/kernel/seccomp/actions_avail")


def _packages():
    return Path(__file__).resolve().parents[2]


def readable() -> list[str]:
    """What learners' code may read: Python, its packages, the system's libraries, and the course's packages."""
    paths = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    paths |= {os.path.join(sys.base_prefix, "lib"), *PATHS_OF_LIBRARIES, *PATHS_OF_DATA}
    paths |= {str(_packages() / name) for name in ("nnlib", "classroom")}
    return sorted(path for path in paths if path and os.path.exists(path))


def is_open_to_all(path: str) -> bool:
    """May every user reach `path`?"""
    path = os.path.realpath(path)
    while os.stat(path).st_mode & (0o001 if os.path.isdir(path) else 0o004):
        if path == "/":
            return True
        path = os.path.dirname(path)
    return False


# --- a user of its own ------------------------------------------------------------------------------------------------


def free_user() -> tuple[int, socket.socket]:
    """A user id that nobody has, and the lock that keeps other graders from it as long as it is open."""
    import pwd

    used = {entry.pw_uid for entry in pwd.getpwall()}
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                used.add(entry.stat().st_uid)
    for i in range(UIDS):
        uid = LEAST_UID + (os.getpid() + i) % UIDS
        lock = socket.socket(socket.AF_UNIX)
        try:
            if uid not in used:
                lock.bind(f"\0classroom.grading.user.{uid}")
                return uid, lock
        except OSError:
            pass
        lock.close()
    raise Refused("No free user id was found for learners' code; grade as an ordinary user instead of root.")


def become(uid: int) -> None:
    """Be user `uid`, in no other group, without a way back."""
    try:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    except OSError:
        raise Refused(
            "Grading was started by root, but this system does not let it change its user, as learners' code must not "
            "run as root. Start it as an ordinary user."
        ) from None


# --- landlock ---------------------------------------------------------------------------------------------------------


def ruleset(paths: list[str], folder: str) -> int:
    """The file descriptor of rules that allow reading `paths` and everything but links and devices below `folder`."""
    import py_landlock as ll

    version = ll.get_abi_version()
    files = ll.AccessFs((1 << 13) - 1)  # the rights of version 1
    files |= ll.AccessFs.REFER if version >= 2 else ll.AccessFs(0)
    files |= ll.AccessFs.TRUNCATE if version >= 3 else ll.AccessFs(0)
    files |= ll.AccessFs.IOCTL_DEV if version >= 5 else ll.AccessFs(0)
    net = ll.AccessNet.BIND_TCP | ll.AccessNet.CONNECT_TCP if version >= 4 else 0
    scope = ll.Scope.ABSTRACT_UNIX_SOCKET | ll.Scope.SIGNAL if version >= 6 else 0
    rules = ll.create_ruleset(ll.RulesetAttr(int(files), int(net), int(scope)))
    of_file = ll.AccessFs.READ_FILE
    work = ll.AccessFs.READ_FILE | ll.AccessFs.WRITE_FILE | ll.AccessFs.READ_DIR | ll.AccessFs.REMOVE_FILE
    work |= ll.AccessFs.REMOVE_DIR | ll.AccessFs.MAKE_REG | ll.AccessFs.MAKE_DIR
    work |= (ll.AccessFs.TRUNCATE | ll.AccessFs.REFER) & files
    wanted = {path: (of_file | ll.AccessFs.READ_DIR) if os.path.isdir(path) else of_file for path in paths}
    wanted |= dict.fromkeys(("/dev/zero", "/dev/random", "/dev/urandom"), of_file)
    wanted |= {"/dev/null": of_file | ll.AccessFs.WRITE_FILE, folder: work}
    for path, rights in wanted.items():
        if os.path.exists(path):
            opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
            ll.add_rule(rules, ll.PathBeneathAttr(int(rights), opened))
            os.close(opened)
    return rules


# --- seccomp ----------------------------------------------------------------------------------------------------------

NO_FILES = """chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat utime utimes utimensat futimesat link linkat
symlink symlinkat mknod mknodat setxattr lsetxattr fsetxattr setxattrat removexattr lremovexattr fremovexattr
removexattrat memfd_create memfd_secret inotify_init inotify_init1 inotify_add_watch fanotify_init fanotify_mark flock
name_to_handle_at open_by_handle_at quotactl quotactl_fd chroot pivot_root mount umount2 move_mount open_tree fsopen
fsconfig fsmount fspick mount_setattr swapon swapoff acct file_setattr"""
NO_PROCESSES = """fork vfork execve execveat kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_open pidfd_getfd
pidfd_send_signal ptrace process_vm_readv process_vm_writev process_madvise process_mrelease kcmp unshare setns setpgid
setsid sched_setaffinity sched_setscheduler sched_setparam sched_setattr setpriority ioprio_set migrate_pages move_pages
get_robust_list personality"""
NO_TALK = """socket socketpair bind listen accept accept4 connect sendmsg sendmmsg recvmsg recvmmsg shmget shmat shmctl
shmdt semget semop semctl semtimedop msgget msgsnd msgrcv msgctl mq_open mq_unlink mq_timedsend mq_timedreceive
mq_notify mq_getsetattr io_uring_setup io_uring_enter io_uring_register io_setup io_submit"""
NO_SYSTEM = """bpf perf_event_open userfaultfd keyctl add_key request_key init_module finit_module delete_module
kexec_load kexec_file_load reboot settimeofday clock_settime clock_adjtime adjtimex sethostname setdomainname syslog
vhangup ioperm iopl modify_ldt lookup_dcookie nfsservctl setuid setgid setreuid setregid setresuid setresgid setgroups
setfsuid setfsgid capset seccomp landlock_create_ruleset landlock_add_rule landlock_restrict_self"""


def filter_program() -> bytes:
    """The seccomp filter as the kernel takes it. What it forbids fails with "not permitted"; other processors kill."""
    import errno

    import pyseccomp as sc

    rules, no = sc.SyscallFilter(sc.ALLOW), sc.ERRNO(errno.EPERM)
    for name in f"{NO_FILES} {NO_PROCESSES} {NO_TALK} {NO_SYSTEM}".split():
        with contextlib.suppress(OSError, ValueError):  # a system call that this library or processor does not know
            rules.add_rule(no, name)
    thread = 0x10000
    rules.add_rule(no, "clone", sc.Arg(0, sc.MASKED_EQ, thread, 0))
    rules.add_rule(sc.ERRNO(errno.ENOSYS), "clone3")  # its flags cannot be looked at; C libraries then use clone
    rules.add_rule(no, "sendto", sc.Arg(4, sc.NE, 0))  # a send to an address; without one it is the line to the judge
    rules.add_rule(no, "prlimit64", sc.Arg(0, sc.NE, 0))
    for command in (8, 10, 15):  # F_SETOWN, F_SETSIG, F_SETOWN_EX: the kernel would send a signal on our behalf
        rules.add_rule(no, "fcntl", sc.Arg(1, sc.MASKED_EQ, 0xFFFFFFFF, command))
    for command in (0x8901, 0x8902, 0x5412):  # FIOSETOWN, SIOCSPGRP, and typing into a terminal
        rules.add_rule(no, "ioctl", sc.Arg(1, sc.MASKED_EQ, 0xFFFFFFFF, command))
    set_name, get_name = 15, 16
    rules.add_rule(no, "prctl", sc.Arg(0, sc.LT, set_name))
    rules.add_rule(no, "prctl", sc.Arg(0, sc.GT, get_name))
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


def filter_on(program: bytes) -> None:
    from classroom.grading import namespaces

    made = _Program(len(program) // 8, program)
    pointer = ctypes.byref(made)
    namespaces.call("prctl", PR_SET_SECCOMP, ctypes.c_ulong(SECCOMP_MODE_FILTER), pointer, ctypes.c_ulong(0), 0)


# --- limits -----------------------------------------------------------------------------------------------------------


def limit(memory: int, seconds: int, processes: int | None) -> None:
    """Bound this process: `memory` bytes of addresses, seconds of processor, files, and processes of its user."""
    import resource

    wanted = {
        "RLIMIT_AS": memory,
        "RLIMIT_CPU": seconds,
        "RLIMIT_FSIZE": FILE_SIZE,
        "RLIMIT_NOFILE": MOST_FILES,
        "RLIMIT_CORE": 0,
        "RLIMIT_MSGQUEUE": 0,
        "RLIMIT_MEMLOCK": 1 << 16,
        "RLIMIT_SIGPENDING": 64,
    }
    if processes is not None:
        wanted["RLIMIT_NPROC"] = processes
    for name, value in wanted.items():
        kind = getattr(resource, name, None)
        if kind is None:
            continue
        hard = resource.getrlimit(kind)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        with contextlib.suppress(OSError, ValueError):  # macOS knows some limits that it does not let one set
            resource.setrlimit(kind, (value, value))


def holds_too_much(folder: str) -> bool:
    """Are there more bytes or files in `folder` than a child may leave there?"""
    size, count, waiting = 0, 0, [folder]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    count += 1
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    else:
                        size += entry.stat(follow_symlinks=False).st_blocks * 512
                    if size > FOLDER_SIZE or count > MOST_ENTRIES:
                        return True
        except OSError:  # it changes while we look
            continue
    return False
