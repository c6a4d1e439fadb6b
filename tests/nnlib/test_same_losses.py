"""The same start, data and optimiser give PyTorch's losses, step by step. Each network is written once and built from
both libraries, since nnlib's names are PyTorch's; each line of `networks` meets each line of `optimisers`. Networks
that the benchmark times are taken from there.

In float64 the losses agree to ten digits and more: the mathematics is the same. In float32 to six digits, as long as
the loss is no tiny difference of large numbers: 5e-7 is what rounding leaves there."""

import numpy as np
import pytest
import torch

from benchmarks.nnlib_vs_torch import CASES
from nnlib import Tensor, nn, optim
from nnlib import functional as F
from nnlib.nn import copy_from_torch

T = torch.nn.functional
STEPS = 20


def all_activations(nn):
    return nn.Sequential(
        *[nn.Linear(20, 16), nn.ELU(), nn.Linear(16, 16), nn.GELU(), nn.Linear(16, 16), nn.GELU("tanh")],
        *[nn.Linear(16, 16), nn.LeakyReLU(0.1), nn.Linear(16, 16), nn.Sigmoid(), nn.Softmax(-1), nn.Linear(16, 10)],
    )


def normalised(nn):
    return nn.Sequential(
        *[nn.Flatten(), nn.Linear(20, 16), nn.BatchNorm1d(16), nn.ReLU()],
        *[nn.Linear(16, 16), nn.LayerNorm(16), nn.ReLU(), nn.Linear(16, 10)],
    )


def dropped(nn):
    return nn.Sequential(
        nn.Linear(20, 32), nn.ReLU(), nn.Dropout(0.3), nn.Linear(32, 32), nn.Dropout(0.5), nn.Linear(32, 10)
    )


def normalised_cnn(nn):
    return nn.Sequential(
        *[nn.Conv2d(2, 6, 5, stride=2, padding=1, bias=False), nn.BatchNorm2d(6), nn.ReLU()],
        *[nn.Conv2d(6, 8, 3), nn.AvgPool2d(2), nn.Flatten(), nn.Linear(8, 10)],
    )


def sequence_cnn(nn):
    return nn.Sequential(nn.Conv1d(3, 8, 5, stride=2), nn.BatchNorm1d(8), nn.ReLU(), nn.Flatten(), nn.Linear(64, 10))


def recurrent(kind, **settings):
    def build(nn):
        class Recurrent(nn.Module):
            """The last state of a recurrent layer, and a linear one."""

            def __init__(self):
                super().__init__()
                self.body = getattr(nn, kind)(8, 16, batch_first=True, **settings)
                self.head = nn.Linear(16, 10)

            def forward(self, x):
                return self.head(self.body(x)[0][:, -1])

        return Recurrent()

    return build


def reader(nn):
    class Reader(nn.Module):
        """A text classifier."""

        def __init__(self):
            super().__init__()
            self.embedding, self.body, self.head = (
                nn.Embedding(30, 8),
                nn.GRU(8, 16, batch_first=True),
                nn.Linear(16, 2),
            )

        def forward(self, words):
            return self.head(self.body(self.embedding(words))[0].mean(1))

    return Reader()


def texts(rng):
    """Twelve words each; which class has to do with how many small numbers there are."""
    words = rng.integers(0, 30, (32, 12))
    return words, ((words < 10).sum(1) > 3).astype(int)


def transformer_block(nn, *sizes):
    """PyTorch calls it an encoder layer; norm_first and no dropout make it the block of GPT-2."""
    if nn is torch.nn:
        gpt_2 = {"dropout": 0.0, "activation": lambda x: T.gelu(x, approximate="tanh"), "norm_first": True}
        return nn.TransformerEncoderLayer(*sizes, batch_first=True, **gpt_2)
    return nn.TransformerBlock(*sizes)


def language_model(nn):
    steps = 12
    future = {"src_mask": torch.ones(steps, steps).triu(1).bool()} if nn is torch.nn else {"is_causal": True}

    class Model(nn.Module):
        """Says the next word from each one and those before it."""

        def __init__(self):
            super().__init__()
            self.embedding, self.block = nn.Embedding(30, 16), transformer_block(nn, 16, 2, 32)
            self.norm, self.head = nn.LayerNorm(16), nn.Linear(16, 30)

        def forward(self, words):
            return self.head(self.norm(self.block(self.embedding(words), **future))).reshape(-1, 30)

    return Model()


def sentences(rng):
    """The next word is seven further on, but for one in ten."""
    words = (rng.integers(0, 30, (32, 1)) + 7 * np.arange(13) + (rng.random((32, 13)) < 0.1)) % 30
    return words[:, :-1], words[:, 1:].ravel()


def classes(*shape, k=10):
    """A batch of data of this shape, whose class a random linear map decides: it can be learned."""
    teacher = np.random.default_rng(1).normal(size=(int(np.prod(shape)), k))

    def batch(rng):
        x = rng.normal(size=(32, *shape))
        return x, (x.reshape(32, -1) @ teacher).argmax(1)

    return batch


def numbers(width, target):
    """A batch of rows, and the target computed from their sums."""

    def batch(rng):
        x = rng.normal(size=(32, width))
        return x, target(x.sum(1, keepdims=True))

    return batch


timed = {name: build for name, (build, *_) in CASES.items()}
networks = {  # how to build it, a batch of data, the loss
    "tiny, mse": (timed["tiny_b32"], numbers(2, np.sin), "mse_loss"),
    "tiny, l1": (timed["tiny_b32"], numbers(2, np.sin), "l1_loss"),
    "tiny, binary": (timed["tiny_b32"], numbers(2, lambda s: (s > 0) * 1.0), "binary_cross_entropy_with_logits"),
    "digits": (timed["digits"], classes(64), "cross_entropy"),
    "mlp": (timed["mlp_sgd"], classes(784), "cross_entropy"),
    "all activations": (all_activations, classes(20), "cross_entropy"),
    "normalised": (normalised, classes(4, 5), "cross_entropy"),
    "cnn": (timed["cnn"], classes(1, 28, 28), "cross_entropy"),
    "normalised cnn": (normalised_cnn, classes(2, 10, 10), "cross_entropy"),
    "cnn on sequences": (sequence_cnn, classes(3, 20), "cross_entropy"),
    "rnn": (timed["rnn"], classes(40, 1), "cross_entropy"),
    "gru": (timed["gru"], classes(40, 1), "cross_entropy"),
    "lstm": (recurrent("LSTM"), classes(12, 8), "cross_entropy"),
    "lstm of two layers": (recurrent("LSTM", num_layers=2), classes(12, 8), "cross_entropy"),
    "words": (reader, texts, "cross_entropy"),
    "transformer": (timed["transformer"], classes(32, 32), "cross_entropy"),
    "language model": (language_model, sentences, "cross_entropy"),
    "dropout": (dropped, classes(20), "cross_entropy"),
}
optimisers = {
    "SGD": ("SGD", {"lr": 0.1}),
    "SGD with weight decay": ("SGD", {"lr": 0.1, "weight_decay": 0.01}),
    "momentum": ("SGD", {"lr": 0.05, "momentum": 0.9}),
    "Nesterov": ("SGD", {"lr": 0.05, "momentum": 0.9, "nesterov": True}),
    "RMSprop": ("RMSprop", {"lr": 2e-4}),  # its first step is ten times as long
    "Adam": ("Adam", {"lr": 3e-3}),
    "AdamW": ("AdamW", {"lr": 3e-3, "weight_decay": 0.1}),
}


def hand_over_masks(ours, theirs):
    """Let PyTorch's Dropout layers use the masks that nnlib's drew."""
    layers = [layer for layer in ours.modules() if isinstance(layer, nn.Dropout)]
    others = [layer for layer in theirs.modules() if isinstance(layer, torch.nn.Dropout) and layer.p > 0]
    for layer, other in zip(layers, others, strict=True):
        layer.rng = np.random.default_rng(0)
        other.forward = lambda x, layer=layer: x * torch.tensor(layer.mask) / (1 - layer.p)


def losses(network, optimiser, dtype):
    """The losses of all steps in both libraries."""
    build, batch, loss = networks[network]
    name, settings = optimisers[optimiser]
    torch.manual_seed(0)
    ours, theirs = build(nn), build(torch.nn)
    copy_from_torch(ours, theirs)
    if dtype == np.float64:
        theirs.double()
        for parameter in ours.parameters():
            parameter.data = parameter.data.astype(dtype)
    hand_over_masks(ours, theirs)
    optimizer = getattr(optim, name)(ours.parameters(), **settings)
    other = getattr(torch.optim, name)(theirs.parameters(), **settings)
    pairs = []
    for step in range(STEPS):
        x, y = batch(np.random.default_rng(step % 2))  # two batches in turn, ten epochs: enough to learn them
        x, y = (a.astype(dtype) if a.dtype == np.float64 else a for a in (x, y))
        ours_now = getattr(F, loss)(ours(Tensor(x, dtype=dtype) if x.dtype == dtype else x), y)
        theirs_now = getattr(T, loss)(theirs(torch.tensor(x)), torch.tensor(y))
        for now, both in ((ours_now, optimizer), (theirs_now, other)):
            both.zero_grad()
            now.backward()
            both.step()
        pairs.append((ours_now.item(), theirs_now.item()))
    return np.array(pairs).T


@pytest.mark.parametrize("optimiser", optimisers)
@pytest.mark.parametrize("network", networks)
def test_the_same_losses_as_pytorch(network, optimiser):
    ours, theirs = losses(network, optimiser, np.float64)
    np.testing.assert_allclose(ours, theirs, rtol=1e-10)
    assert ours[-2] < ours[0] - 2e-3  # it does learn: a thousand times what float32 may differ below
    ours, theirs = losses(network, optimiser, np.float32)
    np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=5e-7)


def test_masks_that_pytorch_drew():
    torch.manual_seed(0)
    ours, theirs = dropped(nn), dropped(torch.nn)
    copy_from_torch(ours, theirs)
    for layer, other in zip(ours.layers, theirs, strict=True):
        if isinstance(layer, nn.Dropout):

            def take_over(module, inputs, output, layer=layer):
                layer.next_mask = ((output != 0) | (inputs[0] == 0)).numpy()

            other.register_forward_hook(take_over)
    optimizer, other = optim.SGD(ours.parameters(), lr=0.1), torch.optim.SGD(theirs.parameters(), lr=0.1)
    for step in range(STEPS):
        x, y = classes(20)(np.random.default_rng(step))
        their_loss = T.cross_entropy(theirs(torch.tensor(x, dtype=torch.float32)), torch.tensor(y))
        loss = F.cross_entropy(ours(x), y)
        for now, both in ((loss, optimizer), (their_loss, other)):
            both.zero_grad()
            now.backward()
            both.step()
        assert loss.item() == pytest.approx(their_loss.item(), rel=1e-6)
