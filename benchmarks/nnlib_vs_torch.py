"""Training steps of nnlib beside PyTorch's eager ones: the same networks, the same weights, the same batches, taking
turns in one process. First both must show the same losses; only then they are timed.

    python benchmarks/nnlib_vs_torch.py [--threads N] [--json] [--case NAME ...] [--coretype KERNELS]
    python benchmarks/nnlib_vs_torch.py --import      how much longer `import nnlib` takes than `import numpy`
    python benchmarks/nnlib_vs_torch.py --memory      what a process that trains 784-256-128-10 keeps in memory

What is promised is the ratio, PyTorch's time over nnlib's; microseconds change with the machine. With one thread the
time is what the processor worked, the median of many short turns. With several it is the clock's, the fastest quarter
of the turns, since there everything else that runs counts too: keep the machine quiet. The goals hold for OpenBLAS's
Haswell kernels, to which numpy is held here unless you say --coretype native; PyTorch brings kernels of its own.
"""

import argparse
import gc
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# What a training step shall gain over PyTorch, with one thread and with two.
GOALS = {
    "tiny_b1": (4.0, 4.0),
    "tiny_b32": (4.0, 4.0),
    "tiny_b100": (4.0, 4.0),
    "digits": (2.9, 2.9),
    "mlp_sgd": (1.25, 1.2),
    "mlp_adam": (1.4, 1.2),
    "cnn": (1.1, 1.0),
    "rnn": (2.4, 1.9),
    "gru": (2.0, 1.9),
    "transformer": (1.4, 1.25),
}
IMPORT_GOAL = 1.1  # times numpy's own
MEMORY_GOAL = 50  # megabytes

# Over 20 steps the losses agree to six digits, or nothing is timed.
STEPS_COMPARED, APART = 20, 2e-6


def asked_for():
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n\n")[0], formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--threads", type=int, default=1, metavar="N", help="for both libraries (1)")
    parser.add_argument("--json", action="store_true", help="one JSON object a line instead of a table")
    parser.add_argument("--case", action="append", choices=GOALS, metavar="NAME", help=f"one of {', '.join(GOALS)}")
    parser.add_argument(
        "--coretype", metavar="KERNELS", help="numpy's OpenBLAS kernels (Haswell); native: its own choice"
    )
    parser.add_argument("--rounds", type=int, default=41, metavar="N", help="turns that each library gets (41)")
    parser.add_argument("--steps", type=int, metavar="N", help="training steps in a turn (about 20 ms of them)")
    parser.add_argument("--import", action="store_true", dest="imports", help="measure the time of the import")
    parser.add_argument("--memory", action="store_true", help="measure the memory of a training run")
    parser.add_argument("--train", choices=("nnlib", "torch"), help=argparse.SUPPRESS)  # what --memory runs
    return parser.parse_args()


def set_environment(options):
    """Threads and kernels are read only once, when numpy is imported."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = str(options.threads)
    pin = options.coretype or os.environ.get("OPENBLAS_CORETYPE")
    if pin is None and platform.machine().lower() in ("x86_64", "amd64"):
        pin = "Haswell"
    if pin == "native":
        os.environ.pop("OPENBLAS_CORETYPE", None)
    elif pin:
        os.environ["OPENBLAS_CORETYPE"] = pin


if __name__ == "__main__":
    OPTIONS = asked_for()
    set_environment(OPTIONS)

import numpy as np  # noqa: E402  only now

# The networks. Names are the same in both libraries, so each is written once, for nn = nnlib.nn or torch.nn.


def mlp(nn, sizes, activation):
    layers = []
    for inputs, outputs in pairwise(sizes):
        layers += [nn.Linear(inputs, outputs), getattr(nn, activation)()]
    return nn.Sequential(*layers[:-1])


def cnn(nn):
    layers = []
    for inputs, outputs in ((1, 8), (8, 16)):
        layers += [nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(16 * 7 * 7, 10))


def recurrent(nn, kind):
    """Reads 40 numbers, a sequence of MNIST-1D, and says which of ten classes it is."""

    class Reader(nn.Module):
        def __init__(self):
            super().__init__()
            self.cell = getattr(nn, kind)(1, 64, batch_first=True)
            self.head = nn.Linear(64, 10)

        def forward(self, x):
            return self.head(self.cell(x)[0][:, -1])

    return Reader()


def transformer(nn):
    """A pre-norm block as in GPT-2 on 32 vectors of 32 numbers, and a class from the mean of what it says."""
    block = nn.TransformerBlock if hasattr(nn, "TransformerBlock") else torch_block()

    class Reader(nn.Module):
        def __init__(self):
            super().__init__()
            self.block = block(32, 4, 128)
            self.head = nn.Linear(32, 10)

        def forward(self, x):
            return self.head(self.block(x).mean(1))

    return Reader()


def torch_block():
    """PyTorch's block with the forward pass that people write for speed: its own takes half as long again."""
    from torch import nn
    from torch.nn import functional as F

    class Block(nn.TransformerEncoderLayer):
        def __init__(self, *sizes):
            super().__init__(*sizes, dropout=0.0, batch_first=True, norm_first=True)

        def forward(self, x):
            n, steps, d = x.shape
            a = self.self_attn
            heads = F.linear(self.norm1(x), a.in_proj_weight, a.in_proj_bias).view(n, steps, 3, a.num_heads, -1)
            attended = F.scaled_dot_product_attention(*heads.permute(2, 0, 3, 1, 4))
            x = x + a.out_proj(attended.transpose(1, 2).reshape(n, steps, d))
            return x + self.linear2(F.gelu(self.linear1(self.norm2(x)), approximate="tanh"))

    return Block


# Each case: its network, the shape of its inputs, its loss, its optimiser and the learning rate.
CASES = {
    "tiny_b1": (lambda nn: mlp(nn, (2, 16, 16, 1), "Tanh"), (1, 2), "mse_loss", "SGD", 0.01),
    "tiny_b32": (lambda nn: mlp(nn, (2, 16, 16, 1), "Tanh"), (32, 2), "mse_loss", "SGD", 0.01),
    "tiny_b100": (lambda nn: mlp(nn, (2, 16, 16, 1), "Tanh"), (100, 2), "mse_loss", "SGD", 0.01),
    "digits": (lambda nn: mlp(nn, (64, 32, 10), "ReLU"), (32, 64), "cross_entropy", "SGD", 0.05),
    "mlp_sgd": (lambda nn: mlp(nn, (784, 256, 128, 10), "ReLU"), (64, 784), "cross_entropy", "SGD", 0.05),
    "mlp_adam": (lambda nn: mlp(nn, (784, 256, 128, 10), "ReLU"), (64, 784), "cross_entropy", "Adam", 1e-3),
    "cnn": (cnn, (64, 1, 28, 28), "cross_entropy", "SGD", 0.05),
    "rnn": (lambda nn: recurrent(nn, "RNN"), (32, 40, 1), "cross_entropy", "SGD", 0.05),
    "gru": (lambda nn: recurrent(nn, "GRU"), (32, 40, 1), "cross_entropy", "SGD", 0.05),
    "transformer": (transformer, (32, 32, 32), "cross_entropy", "Adam", 1e-3),
}


def training(name, library):
    """The network of a case in one library, and a function that takes one training step and returns the loss."""
    build, shape, loss, kind, rate = CASES[name]
    rng = np.random.default_rng(0)
    x = rng.normal(size=shape).astype(np.float32)
    y = rng.normal(size=(len(x), 1)).astype(np.float32) if loss == "mse_loss" else rng.integers(0, 10, len(x))
    if library == "torch":
        import torch
        from torch import nn, optim
        from torch.nn import functional as F

        x, y = torch.from_numpy(x), torch.from_numpy(y)
        torch.manual_seed(0)
    else:
        from nnlib import Tensor, nn, optim
        from nnlib import functional as F
    network, loss_of = build(nn), getattr(F, loss)
    optimizer = getattr(optim, kind)(network.parameters(), lr=rate)

    def step():
        loss = loss_of(network(x if library == "torch" else Tensor(x)), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss

    return network, step


def compare(name, options):
    """Time one case: from equal weights, and only when the losses agree."""
    import torch

    torch.set_num_threads(options.threads)
    (ours, our_step), (theirs, their_step) = training(name, "nnlib"), training(name, "torch")
    start = {key: value.clone() for key, value in theirs.state_dict().items()}

    def from_the_start():
        theirs.load_state_dict(start)
        ours.load_state_dict({key: value.numpy() for key, value in start.items()})

    from_the_start()
    losses = [(our_step().item(), their_step().item()) for _ in range(STEPS_COMPARED)]
    apart = max(abs(a - b) / abs(b) for a, b in losses)
    if not apart <= APART:
        sys.exit(f"{name}: the losses differ by {apart:.1g} of their size, so there is nothing to time: {losses}")
    now = time.process_time if options.threads == 1 else time.perf_counter
    times = {our_step: [], their_step: []}
    steps = {step: options.steps or how_many(step) for step in times}
    gc.collect()
    gc.freeze()  # what torch made on import is not nnlib's garbage to look through
    for turn in range(options.rounds):
        from_the_start()  # weights trained too long have gradients so small that the processor slows down
        for step in times if turn % 2 else reversed(times):
            begun = now()
            for _ in range(steps[step]):
                step()
            times[step].append((now() - begun) / steps[step] * 1e6)
    gc.unfreeze()
    # Others on the machine make the clock's time longer, never shorter: there the fastest quarter tells most.
    typical = statistics.median if options.threads == 1 else lambda turns: sorted(turns)[len(turns) // 4]
    mine, other = (typical(times[step]) for step in (our_step, their_step))
    return {
        "case": name,
        "threads": options.threads,
        "nnlib_us": round(mine, 2),
        "torch_us": round(other, 2),
        "ratio": round(other / mine, 3),
        "goal": GOALS[name][min(options.threads, 2) - 1],
    }


def how_many(step, seconds=0.02):
    """The number of steps in a turn."""
    begun, n = time.perf_counter(), 0
    while time.perf_counter() - begun < seconds:
        step()
        n += 1
    return n


# Import and memory: in fresh processes


def fresh(*arguments, environment=None):
    """The number that a new Python prints."""
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, cwd=ROOT, env=environment)
    if done.returncode:
        sys.exit(done.stderr)
    return float(done.stdout)


def import_time(options):
    """Processor time of `import numpy` and of `import nnlib`, which imports numpy, taking turns; compiled before."""
    code = "import time; begun = time.process_time(); import {}; print((time.process_time() - begun) * 1e3)"
    times = {"numpy": [], "nnlib": []}
    with tempfile.TemporaryDirectory() as cache:
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = cache
        for turn in range(-1, options.rounds):
            for name in times:
                time_taken = fresh("-c", code.format(name), environment=environment)
                if turn >= 0:  # the first one compiled
                    times[name].append(time_taken)
    numpy, nnlib = (statistics.median(times[name]) for name in times)
    return {
        "case": "import",
        "numpy_ms": round(numpy, 1),
        "nnlib_ms": round(nnlib, 1),
        "ratio": round(nnlib / numpy, 3),
        "goal": IMPORT_GOAL,
    }


def memory():
    """Megabytes that a process had resident at most, from its start through 200 steps of mlp_sgd and of mlp_adam."""
    found = {"case": "memory"}
    for name in ("mlp_sgd", "mlp_adam"):
        for library in ("nnlib", "torch"):
            found[f"{name}_{library}_mb"] = round(fresh(__file__, "--train", library, "--case", name), 1)
    return {**found, "goal": MEMORY_GOAL}


def train_and_weigh(name, library, steps=200):
    step = training(name, library)[1]
    for _ in range(steps):
        step()
    with open("/proc/self/status") as status:  # Linux; getrusage would count what the parent had before it forked
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))


# Showing


def in_force(options):
    """One line on what is compared."""
    import torch
    from threadpoolctl import threadpool_info

    kernels = [
        f"OpenBLAS {p['version']}, {p['architecture']} kernels" for p in threadpool_info() if "architecture" in p
    ]
    return (
        f"numpy {np.__version__} ({'; '.join(kernels) or 'no OpenBLAS'}), PyTorch {torch.__version__} "
        f"({torch.backends.cpu.get_cpu_capability()}), threads: {options.threads}, "
        f"{'processor' if options.threads == 1 else 'clock'} time"
    )


def main(options):
    if options.train:
        print(train_and_weigh(options.case[0], options.train))
        return
    if options.imports or options.memory:
        for result in [import_time(options)] * options.imports + [memory()] * options.memory:
            print(json.dumps(result) if options.json else "   ".join(f"{k} {v}" for k, v in result.items()))
        return
    print(in_force(options), file=sys.stderr if options.json else sys.stdout)
    if not options.json:
        print(f"{'case':12} {'nnlib µs':>10} {'PyTorch µs':>11} {'ratio':>7} {'goal':>6}")
    for name in options.case or GOALS:
        result = compare(name, options)
        if options.json:
            print(json.dumps(result), flush=True)
        else:
            short = "" if result["ratio"] >= result["goal"] else "  short of it"
            ratio, goal = f"×{result['ratio']:.2f}", f"×{result['goal']}"
            print(
                f"{name:12} {result['nnlib_us']:10.1f} {result['torch_us']:11.1f} {ratio:>7} {goal:>6}{short}",
                flush=True,
            )


if __name__ == "__main__":
    main(OPTIONS)
