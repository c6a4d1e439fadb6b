"""Layer norm, batch norm and dropout: PyTorch's values, gradients and running statistics, and what each refuses."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes

from nnlib import functional as F
from tests.nnlib.test_parity import T, agree, numbers, quick, seeds


def spread(rng, front, shape):
    """Numbers that differ by 4 and more from one to the next: dividing by a tiny deviation would magnify rounding."""
    n = int(np.prod(shape))
    return numbers(rng, (*front, *shape), -1, 1) + np.float32(6 * (np.arange(n) % 2)).reshape(shape)


fronts = st.just(()) | array_shapes(max_dims=3, min_side=0, max_side=4)


@quick
@given(front=fronts, shape=array_shapes(max_dims=2, min_side=2, max_side=6), seed=seeds)
def test_layer_norm(front, shape, seed):
    rng = np.random.default_rng(seed)
    x, weight, bias = spread(rng, front, shape), numbers(rng, shape), numbers(rng, shape)
    agree(lambda x: F.layer_norm(x, shape), lambda x: T.layer_norm(x, shape), [x], rng)
    agree(lambda x, w: F.layer_norm(x, shape, w), lambda x, w: T.layer_norm(x, shape, w), [x, weight], rng)
    agree(lambda x, b: F.layer_norm(x, shape, None, b), lambda x, b: T.layer_norm(x, shape, None, b), [x, bias], rng)
    agree(
        lambda x, w, b: F.layer_norm(x, shape, w, b, np.float64(0.1)),
        lambda x, w, b: T.layer_norm(x, shape, w, b, 0.1),
        [x, weight, bias],
        rng,
    )
