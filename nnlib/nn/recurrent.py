"""Recurrent layers: the parameters of one or several cells, and their way through whole sequences. x has shape (n,
steps, features), a sequence in each row, which PyTorch's layers want to be told by batch_first=True."""

import numpy as np

from nnlib import functional as F
from nnlib.functional.recurrent import pair
from nnlib.nn.module import Module, Parameter
from nnlib.tensor import Tensor


class _Recurrent(Module):
    """What the three layers share. `num_layers` of them may stand in a row, each reading the states of the one before.

    With rows = gates * hidden_size, layer k has weight_ih_lk (rows, input_size; from k = 1 on: rows, hidden_size),
    weight_hh_lk (rows, hidden_size), bias_ih_lk and bias_hh_lk (rows). All start uniform between -1/sqrt(hidden_size)
    and +1/sqrt(hidden_size), PyTorch's rule. batch_first=True may be written, so that the same line runs in PyTorch.
    """

    def __init__(self, input_size, hidden_size, num_layers=1, *, batch_first=True, rng=None):
        super().__init__()
        kind = type(self).__name__
        if min(input_size, hidden_size, num_layers) < 1:
            raise ValueError(
                f"{kind} got {input_size} inputs, {hidden_size} hidden units and {num_layers} layers: each must be at "
                "least 1."
            )
        if not batch_first:
            raise ValueError(
                f"{kind} got batch_first=False, but reads only (n, steps, features): leave it out, and turn a sequence "
                "(steps, n, features) by x.transpose(0, 1)."
            )
        rng = np.random.default_rng(rng)
        self.input_size, self.hidden_size, self.num_layers = input_size, hidden_size, num_layers
        bound, rows = hidden_size**-0.5, self.gates * hidden_size
        for k in range(num_layers):
            width = hidden_size if k else input_size
            shapes = {"weight_ih": (rows, width), "weight_hh": (rows, hidden_size), "bias_ih": rows, "bias_hh": rows}
            for name, shape in shapes.items():
                setattr(self, f"{name}_l{k}", Parameter(rng.uniform(-bound, bound, shape)))

    def forward(self, x, h_0=None):
        first, last = self._first(x, h_0), []
        for k in range(self.num_layers):
            x = self.sequence(x, first[k], *self.layer(k))
            last.append(x[:, -1])
        return x, F.stack(last)

    def layer(self, k):
        """The four parameters of layer k, in the order in which F.rnn, F.lstm and F.gru take them."""
        return [getattr(self, f"{name}_l{k}") for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]

    def _first(self, x, state):
        shape = (self.num_layers, len(x), self.hidden_size)
        if state is None:
            return np.zeros(shape, np.float32)
        state = state if isinstance(state, Tensor) else np.asarray(state)
        if state.shape != shape:
            raise ValueError(
                f"{type(self).__name__} got a first state of shape {state.shape}: it must be {shape}, for each layer a "
                "row for each sequence."
            )
        return state

    def extra_repr(self):
        layers = f", num_layers={self.num_layers}" if self.num_layers > 1 else ""
        return f"{self.input_size}, {self.hidden_size}{layers}, batch_first=True"


class RNN(_Recurrent):
    """outputs, h_n = rnn(x, h_0): h' = tanh(W_ih x + b_ih + W_hh h + b_hh) at every step, F.rnn (Elman, 1990).

    x (n, steps, input_size); h_0 (num_layers, n, hidden_size), zeros if left out. outputs (n, steps, hidden_size) are
    the states of the last layer; h_n, of h_0's shape, is the last state of each. To go on from there without
    differentiating through all that was (truncated backpropagation), hand over h_n.detach(). `rng` as in Linear.
    """

    gates = 1
    sequence = staticmethod(F.rnn)


class GRU(_Recurrent):
    """outputs, h_n = gru(x, h_0): F.gru as a layer, shapes as in RNN. Its weights hold three gates: reset, update and
    proposal, one below the other (Cho et al., 2014)."""

    gates = 3
    sequence = staticmethod(F.gru)


class LSTM(_Recurrent):
    """outputs, (h_n, c_n) = lstm(x, (h_0, c_0)): F.lstm as a layer, shapes as in RNN; the memory c is kept like h.

    Its weights hold four gates: input, forget, cell and output, one below the other (Hochreiter & Schmidhuber, 1997).
    """

    gates = 4

    def forward(self, x, state=None):
        h_0, c_0 = (self._first(x, s) for s in ((None, None) if state is None else pair(state)))
        last = []
        for k in range(self.num_layers):
            x, c = F.lstm(x, (h_0[k], c_0[k]), *self.layer(k))
            last.append((x[:, -1], c[:, -1]))
        return x, tuple(F.stack(states) for states in zip(*last, strict=True))
