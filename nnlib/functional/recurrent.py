"""Recurrent networks read a sequence step by step and carry a state h along. One step is a cell, written here from
small operations; rnn, lstm and gru compute the same for a whole sequence in one node, several times faster.

What a sequence needs only once stays outside the loop over time: one matrix product for all inputs, and one for each
gradient of the weights. x has shape (n, steps, features), a sequence in each row.
"""

import numpy as np

from nnlib.functional.activations import sigmoid, tanh
from nnlib.functional.linear import linear
from nnlib.functional.operands import ones, two_tensors
from nnlib.tensor import as_tensor, node


def rnn_cell(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    "h' = tanh(W_ih x + b_ih + W_hh h + b_hh) for rows x (n, features) and h (n, hidden)   (Elman, 1990)"
    return tanh(linear(x, weight_ih, bias_ih) + linear(h, weight_hh, bias_hh))


def lstm_cell(x, state, weight_ih, weight_hh, bias_ih, bias_hh):
    """The next (h, c) from x (n, features) and state = (h, c), both (n, hidden): h is shown, c the memory is kept.

    i, f, o = sigmoid(W_ih x + b_ih + W_hh h + b_hh), g = tanh of the same with other rows: the weights hold the rows of
    i, f, g, o one below the other. The input gate lets g in, the forget gate c stay, the output gate h out:
        c' = f c + i g,   h' = o tanh(c')
    (Hochreiter & Schmidhuber, 1997; the forget gate: Gers, Schmidhuber & Cummins, 2000)
    """
    h, c = state
    a = linear(x, weight_ih, bias_ih) + linear(h, weight_hh, bias_hh)
    i, f, g, o = (a[:, columns] for columns in _columns(a, 4))
    c = sigmoid(f) * c + sigmoid(i) * tanh(g)
    return sigmoid(o) * tanh(c), c


def gru_cell(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The next h (n, hidden) from x (n, features) and h. The weights hold the rows of r, z, q one below the other:

        r, z = sigmoid(W_ih x + b_ih + W_hh h + b_hh),   q = tanh(W_ih x + b_ih + r (W_hh h + b_hh))
        h' = (1 - z) q + z h
    The reset gate r says how much of h the proposal q sees, the update gate z how much of h stays (Cho et al., 2014;
    there r comes before the product with W_hh, here after it, as in PyTorch: all three products become one).
    """
    a, b = linear(x, weight_ih, bias_ih), linear(h, weight_hh, bias_hh)
    reset, update, proposal = _columns(a, 3)
    r, z = sigmoid(a[:, reset] + b[:, reset]), sigmoid(a[:, update] + b[:, update])
    q = tanh(a[:, proposal] + r * b[:, proposal])
    return (1 - z) * q + z * h


def _columns(a, gates):
    """The columns of a that belong to each of so many gates, as slices."""
    size = a.shape[-1] // gates
    return [slice(k * size, (k + 1) * size) for k in range(gates)]


# Whole sequences. Inside, states are h (steps + 1, n, hidden), and gates (gates, steps, n, hidden): then each step of
# each gate lies in one piece, which numpy's loops like best.


def rnn(x, h_0, weight_ih, weight_hh, bias_ih, bias_hh):
    """rnn_cell at every step: x (n, steps, features) and the first state h_0 (n, hidden) give all states that follow,
    (n, steps, hidden).

    With d the gradient by what stands inside the tanh, backward in time:   d_t = (g_t + d_t+1 W_hh) (1 - h_t^2);
    dL/dW_ih = sum_t d_t^T x_t,   dL/dW_hh = sum_t d_t^T h_t-1,   dL/db = sum_t d_t,   dL/dx_t = d_t W_ih,
    dL/dh_0 = d_1 W_hh   (Werbos, 1990).   Raises ValueError unless the shapes fit.
    """
    inputs = _checked("rnn", 1, x, [h_0], weight_ih, weight_hh, bias_ih, bias_hh)
    W = inputs[-3].data
    rows = _rows_and_ones(inputs[0])
    (a,) = _from_inputs(rows, inputs, inputs[-2].data + inputs[-1].data)
    h = _states(inputs[1], len(a))
    for now, before, after in zip(a, h, h[1:], strict=False):
        now += before @ W.T
        np.tanh(now, out=after)

    def vjp(g):
        d = h[1:] * h[1:]
        np.subtract(1, d, out=d)
        to_h = 0
        for now, to_now in zip(d[::-1], g.swapaxes(0, 1)[::-1], strict=True):
            now *= to_now + to_h
            to_h = now @ W
        return _to_inputs(rows, inputs, h, d, d, to_h)

    return node(h[1:].swapaxes(0, 1), inputs, vjp)


def lstm(x, state, weight_ih, weight_hh, bias_ih, bias_hh):
    """lstm_cell at every step: x (n, steps, features) and state = (h_0, c_0), both (n, hidden), give all that follow in
    one tensor (2, n, steps, hidden), which `h, c = lstm(...)` takes apart.

    With dh_t = g_t + d_t+1 W_hh and dc_t = g_t (that of c) + dh_t o (1 - tanh(c_t)^2) + dc_t+1 f_t+1, backward in time,
        d_t = [dc g i (1 - i),   dc c_t-1 f (1 - f),   dc i (1 - g^2),   dh tanh(c_t) o (1 - o)]
    is the gradient by what stands inside the gates; all else as in rnn. Raises ValueError unless the shapes fit.
    """
    inputs = _checked("lstm", 4, x, pair(state), weight_ih, weight_hh, bias_ih, bias_hh)
    W = inputs[-3].data
    rows = _rows_and_ones(inputs[0])
    gates = _from_inputs(rows, inputs, inputs[-2].data + inputs[-1].data)
    steps = gates.shape[1]
    both = np.stack([_states(inputs[1], steps), _states(inputs[2], steps)])
    h, c = both
    shown = np.empty_like(c[1:])  # tanh(c)
    to_gates = _by_gate(W, 4)
    for t in range(steps):
        now = gates[:, t]
        now += h[t] @ to_gates
        i, f, g, o = now
        _sigmoid(now[:2])
        np.tanh(g, out=g)
        _sigmoid(o)
        np.multiply(f, c[t], out=c[t + 1])
        c[t + 1] += i * g
        np.tanh(c[t + 1], out=shown[t])
        np.multiply(o, shown[t], out=h[t + 1])

    def vjp(gradient):
        to_hs, to_cs = gradient.swapaxes(1, 2)
        i, f, g, o = gates
        slopes = np.stack([g * i * (1 - i), c[:-1] * f * (1 - f), i * (1 - g * g), shown * o * (1 - o)])
        slope_c = o * (1 - shown * shown)
        d = np.empty((steps, len(h[0]), len(W)), W.dtype)
        now = np.empty_like(slopes[:, 0])
        to_h, to_c = 0, 0
        for t in reversed(range(steps)):
            to_h = to_hs[t] + to_h
            to_c = to_cs[t] + to_c
            to_c += to_h * slope_c[t]
            np.multiply(slopes[:3, t], to_c, out=now[:3])
            np.multiply(slopes[3, t], to_h, out=now[3])
            _as_rows(now, out=d[t])
            to_c *= f[t]
            to_h = d[t] @ W
        return _to_inputs(rows, inputs, h, d, d, to_h, to_c)

    return node(both[:, 1:].swapaxes(1, 2), inputs, vjp)


def gru(x, h_0, weight_ih, weight_hh, bias_ih, bias_hh):
    """gru_cell at every step: x (n, steps, features) and the first state h_0 (n, hidden) give all states that follow,
    (n, steps, hidden).

    With b = W_hh h_t-1 + b_hh for q, and dh_t = g_t + dh_t+1 z_t+1 + d_t+1 W_hh, backward in time,
        d_q = dh (1 - z) (1 - q^2),   d_t = [d_q b r (1 - r),   dh (h_t-1 - q) z (1 - z),   d_q r]
    is the gradient by what h gives to r, z, q; what x gives to q gets d_q; all else as in rnn.
    Raises ValueError unless the shapes fit.
    """
    inputs = _checked("gru", 3, x, [h_0], weight_ih, weight_hh, bias_ih, bias_hh)
    W, bias_ih, bias_hh = (t.data for t in inputs[-3:])
    size = W.shape[1]
    inside, outside = bias_hh[2 * size :], bias_ih.copy()  # of the product with r
    outside[: 2 * size] += bias_hh[: 2 * size]
    rows = _rows_and_ones(inputs[0])
    gates = _from_inputs(rows, inputs, outside)
    r, z, q = gates
    h = _states(inputs[1], len(q))
    b = np.empty_like(q)
    to_gates = _by_gate(W, 3)
    for t in range(len(q)):
        from_h = h[t] @ to_gates
        r_and_z, q_t, after = gates[:2, t], q[t], h[t + 1]
        r_and_z += from_h[:2]
        _sigmoid(r_and_z)
        np.add(from_h[2], inside, out=b[t])
        q_t += r[t] * b[t]
        np.tanh(q_t, out=q_t)
        np.subtract(h[t], q_t, out=after)
        after *= z[t]
        after += q_t

    def vjp(g):
        rest = 1 - z
        slope_r, slope_q = b * r * (1 - r), rest * (1 - q * q)
        slope_z = (h[1:] - q) * rest  # for h_t - q = z (h_t-1 - q)
        d = np.empty((*q.shape[:2], 3 * size), W.dtype)
        d_q = np.empty_like(q)
        now = np.empty_like(gates[:, 0])
        g, to_h = g.swapaxes(0, 1), 0
        for t in reversed(range(len(q))):
            to_h = g[t] + to_h
            np.multiply(to_h, slope_q[t], out=d_q[t])
            np.multiply(d_q[t], slope_r[t], out=now[0])
            np.multiply(to_h, slope_z[t], out=now[1])
            np.multiply(d_q[t], r[t], out=now[2])
            _as_rows(now, out=d[t])
            to_h *= z[t]
            to_h += d[t] @ W
        return _to_inputs(rows, inputs, h, np.concatenate([d[..., : 2 * size], d_q], axis=-1), d, to_h)

    return node(h[1:].swapaxes(0, 1), inputs, vjp)


def _rows_and_ones(x):
    """All inputs, step by step, as rows (steps * n, features + 1). Each ends with a 1, whose weight is the bias."""
    n, steps, features = x.data.shape
    rows = np.ones((steps, n, features + 1), x.data.dtype)
    rows[..., :-1] = x.data.swapaxes(0, 1)
    return rows.reshape(steps * n, features + 1)


def _from_inputs(rows, inputs, bias):
    """W_ih x + bias for all steps at once: (gates, steps, n, hidden)."""
    n, size = inputs[1].data.shape
    weight = np.concatenate([inputs[-4].data, bias[:, None]], axis=1)
    gates = len(weight) // size
    result = rows @ weight.reshape(gates, size, rows.shape[1]).swapaxes(1, 2)
    return result.reshape(gates, inputs[0].data.shape[1], n, size)


def _to_inputs(rows, inputs, h, d_ih, d_hh, *to_states):
    """All gradients, in the order of the inputs, from those by what x (d_ih) and h (d_hh) give to the gates."""
    x, weight_ih = inputs[0], inputs[-4].data
    n, steps, features = x.data.shape
    d_ih, d_hh, h = (a.reshape(len(rows), a.shape[-1]) for a in (d_ih, d_hh, h[:-1]))
    to_x = (d_ih @ weight_ih).reshape(steps, n, features).swapaxes(0, 1) if x.requires_grad else None
    to_ih = d_ih.T @ rows
    return to_x, *to_states, to_ih[:, :-1], d_hh.T @ h, to_ih[:, -1], ones(len(rows), h.dtype) @ d_hh


def pair(state):
    """The first states of an LSTM, or a sentence that says that they are two."""
    if len(state) != 2:
        raise ValueError(f"an LSTM got {len(state)} first states: it carries two, so give it a pair (h_0, c_0).")
    return state


def _states(first, steps):
    """Room for `steps` states after the first."""
    states = np.empty((steps + 1, *first.data.shape), first.data.dtype)
    states[0] = first.data
    return states


def _by_gate(W, gates):
    """W_hh as a stack of matrices, one for each gate, transposed: h (n, hidden) @ it is (gates, n, hidden)."""
    return W.reshape(gates, -1, W.shape[1]).swapaxes(1, 2).copy()


def _as_rows(a, out):
    """(gates, n, hidden) put into `out` as rows (n, gates * hidden), for one matrix product over all gates."""
    gates, n, size = a.shape
    out.reshape(n, gates, size)[...] = a.swapaxes(0, 1)


def _sigmoid(a):
    """In place, (1 + tanh(a / 2)) / 2, the same as 1 / (1 + e^-a), but without overflow."""
    a *= 0.5
    np.tanh(a, out=a)
    a *= 0.5
    a += 0.5


def _checked(name, gates, x, states, *parameters):
    """All inputs as Tensors of one precision, in the order in which they came, or a sentence on what does not fit."""
    first = as_tensor(parameters[0])
    inputs = tuple(two_tensors(name, t, first)[0] for t in (x, *states, *parameters))
    shapes = [t.data.shape for t in inputs]
    *_, ih, hh, b_ih, b_hh = shapes
    if not (len(ih) == len(hh) == 2 and ih[0] == hh[0] == gates * hh[1] > 0 and b_ih == b_hh == ih[:1]):
        raise ValueError(
            f"{name} got weights and biases of shapes {', '.join(map(str, shapes[-4:]))}: they must be (rows, "
            f"features), (rows, hidden), (rows,) and (rows,), with rows = {gates} hidden."
        )
    features, hidden = ih[1], hh[1]
    if len(shapes[0]) != 3 or shapes[0][2] != features or shapes[0][1] < 1:
        fix = f" Numbers in a row become a sequence by x.reshape({shapes[0][0]}, -1, 1)." if len(shapes[0]) == 2 else ""
        raise ValueError(
            f"{name} got an input of shape {shapes[0]}: it reads sequences (n, steps, {features}), at least one step "
            f"long, with {features} features at each.{fix}"
        )
    if any(shape != (shapes[0][0], hidden) for shape in shapes[1:-4]):
        raise ValueError(
            f"{name} got a first state of shape {', '.join(map(str, shapes[1:-4]))} for an input of shape {shapes[0]}: "
            f"it must be ({shapes[0][0]}, {hidden}), a row for each sequence."
        )
    return inputs
