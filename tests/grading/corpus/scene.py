"""Plays the corpus before a real judge, and looks for what each entry leaves: processes, files, changes, connections.

    python -m tests.grading.corpus.scene [--isolation full|landlock] [--quick] [--json] [NAME …]

prints the table: attack or accident, its mark, its neighbour's mark, what is left behind.
"""

import argparse
import contextlib
import json
import os
import socket
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from classroom.grading import submission
from classroom.grading.judge import Judge
from classroom.paths import ROOT
from tests.grading.corpus import RIGHT_LINE, RIGHT_NEURON, Entry, all_entries, notebook

TIMEOUT = 30.0  # seconds for a submission: more than one of its tasks may take, so that none costs another
NEIGHBOUR = {"1_1_neuron": RIGHT_NEURON.format(""), "1_1_decision_line": RIGHT_LINE}
NEIGHBOURS_POINTS = 10
SHARED = ("/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue")
IPC = ("/proc/sysvipc/shm", "/proc/sysvipc/msg", "/proc/sysvipc/sem")


@dataclass
class Played:
    """What came of one entry."""

    name: str
    due: float
    least: float
    points: float
    neighbour: float
    left: list[str]
    seconds: float
    isolation: str
    said: list[str]

    @property
    def fine(self) -> bool:
        return self.least <= self.points <= self.due and self.neighbour == NEIGHBOURS_POINTS and not self.left


class Scene:
    """A judge, a neighbour, a gradebook, and ears on the network, in a folder that anybody may write into."""

    def __init__(self, isolation: str = ""):
        self.folder = Path(tempfile.mkdtemp(prefix="corpus-"))
        self.folder.chmod(0o777)  # only the walls protect what is in it, not its modes
        self.neighbour, self.gradebook = self.folder / "ben_1_1_neuron.ipynb", self.folder / "book.db"
        self.neighbour.write_text(json.dumps(notebook(NEIGHBOUR)))
        self.gradebook.write_bytes(b"not to be touched")
        for path in (self.neighbour, self.gradebook):
            path.chmod(0o666)
        self.ears = self._listen()
        self.judge = Judge(ROOT, ["1.1"], seed=7, timeout=TIMEOUT, memory=1 << 29, isolation=isolation)
        self.judge.mark(submission.read(self.neighbour, "warm"))
        self.uids = {n.uid for n in self.judge.nurseries.values()} - {0} or {os.geteuid()}

    def play(self, entry: Entry) -> Played:
        path = self.folder / entry.file
        path.write_bytes(entry.make(self._places()))
        zygotes, before, begun = self._zygotes(), self._state(), time.monotonic()
        marked = self.judge.mark(submission.read(path, "eve"))
        seconds = time.monotonic() - begun
        neighbour = self.judge.mark(submission.read(self.neighbour, "ben"))
        left = self._left(before, zygotes)
        path.unlink()
        said = [f"{mark.task}: {mark.points:g} {mark.sentence}" for mark in marked.marks] + marked.notes
        least, mark = entry.points if entry.least is None else entry.least, marked.points
        return Played(
            entry.name, entry.points, least, mark, neighbour.points, left, seconds, marked.isolation, said
        )  # fmt: skip

    def close(self):
        self.judge.close()
        for ear in self.ears.values():
            ear.close()
        for path in self.folder.iterdir():
            path.unlink()
        self.folder.rmdir()

    def _places(self):
        places = {"root": ROOT, "gradebook": self.gradebook, "neighbour": self.neighbour, "judge": os.getpid()}
        return places | {name: _address(ear) for name, ear in self.ears.items()}

    def _listen(self):
        ears = {"tcp": socket.create_server(("127.0.0.1", 0)), "udp": socket.socket(type=socket.SOCK_DGRAM)}
        ears["udp"].bind(("127.0.0.1", 0))
        if sys.platform == "linux":
            ears["unix"] = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            ears["unix"].bind(f"\0corpus.{os.getpid()}")
        for ear in ears.values():
            ear.setblocking(False)
        return ears

    # --- what is left -------------------------------------------------------------------------------------------

    def _zygotes(self):
        return {nursery.pid for nursery in self.judge.nurseries.values()}

    def _state(self):
        """Everything that must be the same afterwards."""
        paths = [self.neighbour, self.gradebook]
        kept = {str(p): (p.read_bytes(), p.stat().st_mode, p.stat().st_mtime_ns, p.stat().st_nlink) for p in paths}
        kept |= {f"changed: {name}": Path(name).read_text() for name in IPC if os.path.exists(name)}
        return kept | dict.fromkeys(self._files())

    def _files(self):
        """Files of the users that learners' code has, where anybody may write; and all that lies in our folders."""
        found = set()
        roots = [*SHARED, str(self.folder), *(n.folder for n in self.judge.nurseries.values())]
        for root in dict.fromkeys(roots):
            for folder, folders, names in os.walk(root):
                if root == "/tmp":
                    folders.clear()
                for name in [*folders, *names]:
                    path = os.path.join(folder, name)
                    with contextlib.suppress(OSError):
                        if os.lstat(path).st_uid in self.uids or root not in SHARED:
                            found.add(path)
        return found

    def _left(self, before, zygotes):
        left, after = [], self._state()
        ours = self._zygotes() | zygotes | {os.getpid(), os.getppid()}
        for _ in range(40):  # what was killed a moment ago may still be on its way out
            here = {
                pid for pid in _processes(self.uids) - ours if _parent(pid) not in {0, os.getppid(), *self._outer()}
            }
            if not here:
                break
            time.sleep(0.05)
        left += [f"process {pid}: {_command(pid)}" for pid in here]
        left += [f"new: {name}" for name in after if name not in before and not self._is_of_a_zygote(name)]
        left += [f"changed or gone: {name}" for name in before if before[name] != after.get(name)]
        for name, ear in self.ears.items():
            with contextlib.suppress(BlockingIOError):
                ear.accept() if name == "tcp" else ear.recv(100)
                left.append(f"heard on {name}")
        return left

    def _outer(self):
        """With namespaces a zygote is two processes: the outer one has a single child, and learners' code is below that."""
        return {nursery.pid for nursery in self.judge.nurseries.values() if nursery.isolation.namespaces}

    def _is_of_a_zygote(self, name):
        """Of one that was started anew or for another package: its folder, and what its own imports wrote there."""
        folders = [nursery.folder for nursery in self.judge.nurseries.values()]
        return any(name.startswith(at) and not name.startswith(f"{at}/work/") for at in folders)


def _address(ear):
    name = ear.getsockname()
    return name[1] if isinstance(name, tuple) else name.decode().strip("\0") if isinstance(name, bytes) else name


def _processes(uids):
    found = set()
    for entry in os.scandir("/proc"):
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and entry.stat().st_uid in uids and _kind(entry.name) != "Z":
                found.add(int(entry.name))
    return found


def _stat(pid):
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()


def _kind(pid):
    return _stat(pid)[0]


def _parent(pid):
    try:
        return int(_stat(pid)[1])
    except OSError:
        return 0


def _command(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")[:60]
    except OSError:
        return "gone"


def play_all(isolation: str = "", quick: bool = False, names=(), tell=lambda played: None) -> list[Played]:
    """Play every entry, or those `names`; with `quick` none that only the end of its time ends."""
    chosen = [e for e in all_entries() if (not names or e.name in names) and not (quick and e.slow)]
    scene, found = Scene(isolation), []
    try:
        for entry in chosen:
            found.append(scene.play(entry))
            tell(found[-1])
    finally:
        scene.close()
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--isolation", default="", choices=["", "full", "landlock", "process"])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()

    def tell(played):
        if asked.json:
            print(json.dumps(asdict(played)), flush=True)
            return
        left = "; ".join(played.left) or "nothing"
        due = f"{played.due:g}" if played.least == played.due else f"{played.least:g} to {played.due:g}"
        mark = f"{played.points:g}, due {due}"
        good = "" if played.fine else "  <<<"
        print(
            f"{played.name[:58]:58}  {mark:14} {played.neighbour:3g}  {left}  ({played.seconds:.2f} s){good}",
            flush=True,
        )

    found = play_all(asked.isolation, asked.quick, asked.names, tell)
    if not asked.json:
        print(f"{sum(p.fine for p in found)} of {len(found)} as they should be; isolation: {found[0].isolation}")
    return int(not all(played.fine for played in found))


if __name__ == "__main__":
    sys.exit(main())
