"""Recurrent layers: PyTorch's values and gradients, the cells that say in small operations what a whole sequence
computes, gradcheck, truncated backpropagation, and what is refused."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from nnlib import Linear, Module, Tensor, gradcheck
from nnlib import functional as F
from nnlib.nn import GRU, LSTM, RNN
from nnlib.optim import Adam
from tests.nnlib.test_parity import agree, is_pure, numbers, quick, seeds

gates = {"rnn": 1, "gru": 3, "lstm": 4}
layers = {"rnn": RNN, "gru": GRU, "lstm": LSTM}
sizes = st.tuples(st.integers(0, 4), st.integers(1, 5), st.integers(1, 4), st.integers(1, 4))
torch_cells = {"rnn": torch.rnn_tanh_cell, "gru": torch.gru_cell, "lstm": torch.lstm_cell}
cells = {"rnn": F.rnn_cell, "gru": F.gru_cell, "lstm": F.lstm_cell}
sequences = {"rnn": F.rnn, "gru": F.gru, "lstm": F.lstm}


def drawn(kind, rng, n, steps, features, hidden):
    """A sequence, its first states and the four parameters."""
    rows, states = gates[kind] * hidden, 2 if kind == "lstm" else 1
    shapes = [(n, steps, features), *[(n, hidden)] * states, (rows, features), (rows, hidden), (rows,), (rows,)]
    return [numbers(rng, shape, -1, 1) for shape in shapes]


def whole(kind):
    """The operation on all inputs in a row."""
    if kind == "lstm":
        return lambda x, h, c, *parameters: F.lstm(x, (h, c), *parameters)
    return sequences[kind]


def step_by_step(kind, cell, stack):
    """The same from a cell: all states that follow, stacked as the operation gives them."""

    def unrolled(x, *inputs):
        state, parameters, shown = inputs[:-4], inputs[-4:], []
        for t in range(x.shape[1]):
            state = cell(x[:, t], state if kind == "lstm" else state[0], *parameters)
            state = state if kind == "lstm" else (state,)
            shown.append(state)
        both = [stack(states, 1) for states in zip(*shown, strict=True)]
        return stack(both, 0) if kind == "lstm" else both[0]

    return unrolled


@pytest.mark.parametrize("kind", gates)
@quick
@given(sizes=sizes, seed=seeds)
def test_sequences_are_pytorchs_cells_step_by_step(kind, sizes, seed):
    rng = np.random.default_rng(seed)
    agree(whole(kind), step_by_step(kind, torch_cells[kind], torch.stack), drawn(kind, rng, *sizes), rng)


@pytest.mark.parametrize("kind", gates)
@quick
@given(sizes=sizes, seed=seeds)
def test_a_sequence_in_one_node_agrees_with_its_cell_from_small_operations(kind, sizes, seed):
    rng = np.random.default_rng(seed)
    arrays = drawn(kind, rng, *sizes)
    results = []
    for f in (whole(kind), step_by_step(kind, cells[kind], F.stack)):
        inputs = [Tensor(a, requires_grad=True) for a in arrays]
        c = f(*inputs)
        r = np.random.default_rng(seed).normal(size=c.shape)
        c.backward(r)
        results.append([c.data] + [t.grad for t in inputs])
    for fused, small in zip(*results, strict=True):
        assert fused.dtype == small.dtype == np.float32
        np.testing.assert_allclose(fused, small, rtol=2e-5, atol=1e-5)


@pytest.mark.parametrize("kind", gates)
@quick
@given(sizes=sizes, num_layers=st.integers(1, 3), first=st.booleans(), seed=seeds)
def test_layers_are_pytorchs(kind, sizes, num_layers, first, seed):
    """Outputs, last states and all gradients, with the weights handed over by name."""
    n, steps, features, hidden = sizes
    rng = np.random.default_rng(seed)
    ours = layers[kind](features, hidden, num_layers, rng=seed)
    theirs = getattr(torch.nn, kind.upper())(features, hidden, num_layers, batch_first=True)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    theirs.load_state_dict({name: torch.tensor(array) for name, array in ours.state_dict().items()})
    arrays = [numbers(rng, (max(n, 1), steps, features))]
    if first:
        arrays += [numbers(rng, (num_layers, max(n, 1), hidden)) for _ in range(2 if kind == "lstm" else 1)]

    def run(layer, cat, x, *states):
        out, last = layer(x, (states if kind == "lstm" else states[0]) if states else None)
        return cat([part.reshape(-1) for part in (out, *(last if kind == "lstm" else [last]))])

    agree(lambda *t: run(ours, F.cat, *t), lambda *t: run(theirs, torch.cat, *t), arrays, rng)
    for name, parameter in theirs.named_parameters():
        np.testing.assert_allclose(getattr(ours, name).grad, parameter.grad.numpy(), rtol=1e-4, atol=5e-5)


@pytest.mark.parametrize("kind", gates)
def test_gradcheck(kind):
    rng = np.random.default_rng(0)
    inputs = [a.astype(float) for a in drawn(kind, rng, 2, 4, 3, 2)]
    assert gradcheck(whole(kind), *inputs)
    assert gradcheck(step_by_step(kind, cells[kind], F.stack), *inputs)
    stacked = layers[kind](3, 2, num_layers=2, rng=0)
    assert gradcheck(lambda x: stacked(x)[0], inputs[0], parameters=stacked.parameters())


def test_large_numbers_saturate_without_a_warning():
    rng = np.random.default_rng(0)
    for kind in gates:
        arrays = [1000 * a for a in drawn(kind, rng, 2, 3, 2, 3)]
        with np.errstate(all="raise", under="ignore"):
            agree(whole(kind), step_by_step(kind, torch_cells[kind], torch.stack), arrays, rng)


def test_only_the_memory_may_be_asked_for():
    rng = np.random.default_rng(0)
    arrays = drawn("lstm", rng, 3, 4, 2, 3)
    theirs = step_by_step("lstm", torch_cells["lstm"], torch.stack)
    agree(lambda *t: whole("lstm")(*t)[1], lambda *t: theirs(*t)[1], arrays, rng)
    agree(lambda *t: whole("lstm")(*t)[1][:, -1], lambda *t: theirs(*t)[1][:, -1], arrays, rng)


@pytest.mark.parametrize("kind", gates)
def test_truncated_backpropagation(kind):
    """A sequence read in two halves gives the same outputs; detach() cuts the gradient between them, and only that."""
    layer, x = layers[kind](2, 3, rng=0), Tensor(np.random.default_rng(0).normal(size=(4, 6, 2)), requires_grad=True)
    out, _ = layer(x)

    def halves(cut):
        first, state = layer(x[:, :3])
        if cut:
            state = tuple(s.detach() for s in state) if kind == "lstm" else state.detach()
        return first, layer(x[:, 3:], state)[0]

    gradients = []
    for last in (out, halves(cut=False)[1], halves(cut=True)[1]):
        x.grad = None
        last[:, -1].sum().backward()
        gradients.append(x.grad)
        np.testing.assert_allclose(last.data[:, -1], out.data[:, -1], rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(gradients[0], gradients[1], rtol=1e-5, atol=1e-7)
    assert gradients[0][:, :3].any() and not gradients[2][:, :3].any()
    np.testing.assert_allclose(gradients[0][:, 3:], gradients[2][:, 3:], rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(halves(cut=True)[0].data, out.data[:, :3], rtol=1e-6, atol=1e-6)


class LastState(Module):
    """Reads a sequence, then says one number."""

    def __init__(self, kind):
        super().__init__()
        self.read, self.say = layers[kind](1, 8, batch_first=True, rng=0), Linear(8, 1, rng=1)

    def forward(self, x):
        return self.say(self.read(x)[0][:, -1])


@pytest.mark.parametrize("kind", gates)
def test_it_learns_what_only_the_first_step_tells(kind):
    x = np.random.default_rng(0).normal(size=(64, 10, 1)).astype(np.float32)
    y, model = np.sign(x[:, 0]), LastState(kind)
    optimizer = Adam(model.parameters(), lr=0.02)
    for _ in range(200):
        loss = F.mse_loss(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.1
    assert {p.dtype for p in model.parameters()} == {np.dtype(np.float32)}


def test_layers_start_and_print_as_pytorchs_do():
    for kind, layer in layers.items():
        ours = layer(5, 100, num_layers=2, rng=0)
        theirs = getattr(torch.nn, kind.upper())(5, 100, num_layers=2, batch_first=True)
        assert repr(ours) == repr(theirs) and repr(layer(5, 7)) == f"{kind.upper()}(5, 7, batch_first=True)"
        for p in ours.parameters():
            assert 0.09 < np.abs(p.data).max() <= 0.1 and abs(p.data.mean()) < 0.03
        same = layer(5, 100, num_layers=2, rng=np.random.default_rng(0))
        assert all(np.array_equal(p.data, q.data) for p, q in zip(ours.parameters(), same.parameters(), strict=True))


@pytest.mark.parametrize("kind", gates)
def test_backward_may_be_called_again(kind):
    inputs = [Tensor(a, requires_grad=True) for a in drawn(kind, np.random.default_rng(0), 2, 3, 2, 2)]
    c = whole(kind)(*inputs)
    is_pure(c)


def test_the_data_get_no_gradient_that_nobody_wants():
    for kind in gates:
        x, *rest = drawn(kind, np.random.default_rng(0), 2, 3, 2, 2)
        c = whole(kind)(Tensor(x), *[Tensor(a, requires_grad=True) for a in rest])
        assert c.vjp(np.ones(c.shape, np.float32))[0] is None


def with_shapes(kind="rnn", **changed):
    names = ["x", "h_0", "weight_ih", "weight_hh", "bias_ih", "bias_hh"]
    rows = gates[kind] * 4
    shapes = dict(zip(names, [(2, 5, 3), (2, 4), (rows, 3), (rows, 4), (rows,), (rows,)], strict=True)) | changed
    return sequences[kind](*[np.ones(shapes[name]) for name in names])


x = np.ones((2, 5, 3))
mistakes = {
    "features": (lambda: RNN(4, 8)(x), ValueError, r"rnn got an input of shape \(2, 5, 3\): .* \(n, steps, 4\)"),
    "a matrix": (lambda: GRU(1, 8)(x[0]), ValueError, r"gru got .* \(5, 3\): .* by x\.reshape\(5, -1, 1\)\."),
    "no step": (lambda: LSTM(3, 8)(x[:, :0]), ValueError, r"lstm got .* \(2, 0, 3\): .* at least one step"),
    "first state": (lambda: RNN(3, 8)(x, np.ones((2, 8))), ValueError, r"RNN got .* \(2, 8\): it must be \(1, 2, 8\)"),
    "memory": (lambda: LSTM(3, 8)(x, (np.ones((1, 2, 8)), np.ones((1, 2, 7)))), ValueError, r"LSTM got .* \(1, 2, 7\)"),
    "one state of two": (lambda: LSTM(3, 8)(x, np.ones((1, 2, 8))), ValueError, r"give it a pair \(h_0, c_0\)"),
    "one of two, F": (
        lambda: F.lstm(x, [np.ones((2, 8))], *LSTM(3, 8).layer(0)),
        ValueError,
        "an LSTM got 1 first states",
    ),
    "state, F": (lambda: with_shapes(h_0=(2, 5)), ValueError, r"rnn got a first state of shape \(2, 5\) .* \(2, 4\)"),
    "weights": (
        lambda: with_shapes("gru", weight_hh=(4, 12)),
        ValueError,
        r"\(12, 3\), \(4, 12\), .* rows = 3 hidden",
    ),
    "weights a vector": (lambda: with_shapes(weight_ih=(4,)), ValueError, r"rnn got weights .*\(4,\), \(4, 4\)"),
    "bias": (lambda: with_shapes(bias_hh=(5,)), ValueError, r"\(4,\), \(5,\): they must be"),
    "precision": (lambda: RNN(3, 8)(Tensor(x, dtype=np.float64)), TypeError, "rnn got float64 and float32"),
    "sizes": (lambda: LSTM(3, 0), ValueError, "LSTM got 3 inputs, 0 hidden units and 1 layers"),
    "time first": (
        lambda: GRU(3, 4, batch_first=False),
        ValueError,
        r"GRU got batch_first=False.* x\.transpose\(0, 1\)",
    ),
}


@pytest.mark.parametrize("name", mistakes)
def test_a_mistake_is_answered_in_a_sentence(name):
    mistake, kind, sentence = mistakes[name]
    with pytest.raises(kind, match=sentence) as caught:
        mistake()
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert len(str(caught.value).split()) <= 60
