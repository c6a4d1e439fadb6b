"""Tasks of lesson 4.2: clip, normalise, skip; find the layer that breaks a gradient; tell vanishing from dead."""

from functools import cache, partial

import numpy as np

from classroom import data
from classroom.tasks import Case, Marking, Misconception, Task
from nnlib import Tensor
from nnlib import functional as F

# --- clip -----------------------------------------------------------------------------------------------------------


def gradients(rng):
    """Some below the limit, most above; several arrays of unequal shapes and sizes; one array alone."""
    yield [np.array([[3.0, 0.0]]), np.array([4.0])], 1.0
    yield [np.array([[0.3, -0.4]]), np.array([0.5])], 2.0
    yield [np.array([3.0, -4.0, 12.0])], 6.5
    yield [rng.normal(size=(4, 3)) * 2, rng.normal(size=4), rng.normal(size=(2, 4)) * 0.3], 0.5
    yield [rng.normal(size=(3, 2)) / 30, rng.normal(size=3) / 30], 0.8


def length(gradients):
    return np.sqrt(sum(np.sum(g**2) for g in gradients))


def clipped_by(norm):
    """Clipping with another number in place of the norm."""
    return lambda gradients, limit: [g * min(1, limit / norm(gradients)) for g in gradients]


def clip_each(gradients, limit):
    return [g * min(1, limit / np.linalg.norm(g)) for g in gradients]


def clip_values(gradients, limit):
    return [np.clip(g, -limit, limit) for g in gradients]


def clip_always(gradients, limit):
    return [g * limit / length(gradients) for g in gradients]


def clip_times_limit(gradients, limit):
    return [g * limit if length(gradients) > limit else g for g in gradients]


def clip_to_one(gradients, limit):
    norm = length(gradients)
    return [g / norm if norm > limit else g for g in gradients]


def clip_by_concatenating(gradients, limit):
    """Right: one long row."""
    norm = np.linalg.norm(np.concatenate([np.ravel(g) for g in gradients]))
    return [g * limit / norm if norm > limit else g.copy() for g in gradients]


def clip_in_loops(gradients, limit):
    """Right, number by number."""
    squares = 0.0
    for g in gradients:
        for number in g.flat:
            squares += float(number) ** 2
    scale = limit / squares**0.5
    return [g if scale > 1 else scale * g for g in gradients]


# --- batch norm -----------------------------------------------------------------------------------------------------


def batches(rng):
    """Training and evaluation; one neuron hardly varies, so that it shows where 0.00001 stands."""
    for training, (n, width) in ((True, (3, 2)), (False, (3, 2)), (True, (8, 4)), (False, (5, 3))):
        z = rng.normal(rng.normal(0, 2, width), rng.uniform(0.5, 3, width), (n, width))
        z[:, 0] = 1 + 0.002 * z[:, 0]
        yield z, rng.normal(size=width), rng.uniform(0.5, 2, width), training


def normed(
    axis=0, power=0.5, inside=True, old=0.9, swapped=False, own=False, moves=False, keep=(), ddof=0, least=0.00001,
    centred=True,
):  # fmt: skip
    """Batch normalisation with one of its parts changed."""

    def batch_norm(z, running_mean, running_var, training):
        mean, var = z.mean(axis=axis, keepdims=axis == 1), z.var(axis=axis, keepdims=axis == 1, ddof=ddof)
        used = (mean, var) if own or training != swapped else (running_mean, running_var)
        root = (used[1] + least) ** power if inside else used[1] ** power + least
        if axis == 0 and (training or moves):
            running_mean = running_mean if "mean" in keep else old * running_mean + (1 - old) * mean
            running_var = running_var if "var" in keep else old * running_var + (1 - old) * var
        return (z - used[0] * centred) / root, running_mean, running_var

    return batch_norm


def norm_over_all(z, running_mean, running_var, training):
    mean, var = (np.full_like(running_mean, v) for v in (z.mean(), z.var()))
    if not training:
        return (z - running_mean) / np.sqrt(running_var + 0.00001), running_mean, running_var
    return (
        (z - mean) / np.sqrt(var + 0.00001),
        0.9 * running_mean + 0.1 * mean,
        0.9 * running_var + 0.1 * var,
    )


def norm_that_forgets(z, running_mean, running_var, training):
    out, *_ = normed()(z, running_mean, running_var, training)
    return (out, z.mean(axis=0), z.var(axis=0)) if training else (out, running_mean, running_var)


def norm_with_the_new_running_numbers(z, running_mean, running_var, training):
    if training:
        running_mean = 0.9 * running_mean + 0.1 * z.mean(axis=0)
        running_var = 0.9 * running_var + 0.1 * z.var(axis=0)
    return (z - running_mean) / np.sqrt(running_var + 0.00001), running_mean, running_var


def norm_that_follows_the_spread(z, running_mean, running_var, training):
    out, running_mean, moved = normed()(z, running_mean, running_var, training)
    return out, running_mean, 0.9 * running_var + 0.1 * z.std(axis=0) if training else moved


def norm_of_the_library(z, running_mean, running_var, training):
    """Right: nnlib's own, its running variance brought to n."""
    mean, var, n = running_mean.copy(), running_var.copy(), len(z)
    out = F.batch_norm(Tensor(z, dtype=z.dtype), mean, var, training=training, momentum=0.1, eps=1e-5).data
    return out, mean, running_var * 0.9 + (var - running_var * 0.9) * (n - 1) / n if training else var


def norm_by_columns(z, running_mean, running_var, training):
    """Right, neuron by neuron."""
    out, means, variances = np.empty_like(z), running_mean.copy(), running_var.copy()
    for j, column in enumerate(z.T):
        mean, var = (column.mean(), ((column - column.mean()) ** 2).mean()) if training else (means[j], variances[j])
        out[:, j] = (column - mean) * (var + 1e-5) ** -0.5
        if training:
            means[j] += 0.1 * (mean - means[j])
            variances[j] += 0.1 * (var - variances[j])
    return out, means, variances


# --- the way back through batch norm ----------------------------------------------------------------------------------


def ways_back(rng):
    """Gradients of any kind, also one that is alike on all images; one neuron hardly varies, so that 0.00001 shows."""
    for n, width in ((3, 2), (6, 4), (12, 3)):
        gradient, z = rng.normal(0.5, 1, (n, width)), rng.normal(1, rng.uniform(0.5, 3, width), (n, width))
        gradient[:, -1] = 1 + 0.01 * gradient[:, -1]
        z[:, 0] = 1 + 0.004 * z[:, 0]
        yield gradient, z


def sent_back(middle=1, stretch=1, power=1, axis=0, sums=False, inside=True):
    """The gradient at the sums with one of its parts changed."""

    def norm_backward(gradient, z):
        mean = partial(np.mean, axis=axis, keepdims=True)
        total = partial(np.sum, axis=axis, keepdims=True) if sums else mean
        spread = np.sqrt(z.var(axis=axis, keepdims=True) + 0.00001 * inside)
        h = (z - mean(z)) / spread
        return (gradient - middle * total(gradient) - stretch * h * total(gradient * h)) / spread**power

    return norm_backward


def norm_backward_by_the_library(gradient, z):
    """Right: what nnlib's `backward` leaves at the sums."""
    sums, width = Tensor(z, requires_grad=True, dtype=z.dtype), z.shape[1]
    h = F.batch_norm(sums, np.zeros(width), np.ones(width), training=True, momentum=0.1, eps=1e-5)
    (h * Tensor(gradient, dtype=z.dtype)).sum().backward()
    return sums.grad


def norm_backward_by_ways(gradient, z):
    """Right: the direct way, that through the variance, that through the mean."""
    n, d = len(z), z - z.mean(axis=0)
    root = np.sqrt((d**2).mean(axis=0) + 0.00001)
    var = np.sum(gradient * d, axis=0) * -0.5 / root**3
    direct = gradient / root + var * 2 * d / n
    return direct - direct.sum(axis=0) / n


# --- residual -------------------------------------------------------------------------------------------------------


def blocks(rng):
    """Inputs of both signs; width and hidden differ, once they are equal."""
    for n, width, hidden in ((2, 2, 3), (4, 3, 3), (5, 4, 6)):
        shapes = (n, width), (hidden, width), (width, hidden)
        yield tuple(rng.normal(size=shape).astype(np.float32) for shape in shapes)


# --- where ----------------------------------------------------------------------------------------------------------


def slopes_of(activation, z):
    return (z > 0) * 1.0 if activation == "relu" else 1 - np.tanh(z) ** 2


def gradient_sizes(rng, layers, activation, factor, odd, times, width=24):
    """The typical size of a gradient at the sums of each layer; layer `odd`, from 1, has `times` as large weights."""
    scales = factor * np.where(np.arange(1, layers + 1) == odd, times, 1) / width**0.5
    weights = [scale * rng.normal(size=(width, width)) for scale in scales]
    a, slopes = rng.normal(size=(30, width)), []
    for w in weights:
        z = a @ w.T
        a = np.maximum(z, 0) if activation == "relu" else np.tanh(z)
        slopes.append(slopes_of(activation, z))
    g, sizes = rng.normal(size=z.shape) * slopes[-1], []
    for w, slope in zip(weights[:0:-1], slopes[-2::-1], strict=True):
        sizes.append(np.sqrt(np.mean(g**2)))
        g = g @ w * slope
    return np.array([*sizes, np.sqrt(np.mean(g**2))])[::-1]


def measured(rng):
    """Gradients that shrink, grow, or stay; the odd layer is smaller or larger, early or late, or near 1."""
    usual = [("relu", 1.0), ("relu", 1.4), ("relu", 1.8), ("tanh", 0.9), ("relu", 0.5), ("relu", 3.5)]
    for i, (activation, factor) in enumerate(usual):
        layers = int(rng.integers(9, 16))
        odd = (2, layers, layers // 2, *rng.integers(3, layers, size=3))[i]
        times = (0.02, 6.0, 0.05, 0.1, 5.0, 0.2)[i] * float(rng.uniform(0.8, 1.25))
        yield (gradient_sizes(rng, layers, activation, factor, odd, times),)


def found_where(usual=np.median, look=None, number=2, times=None, without=None):
    """The four entries with one of the rules changed."""

    def where(sizes):
        factors = sizes[:-1] / sizes[1:]
        middle = usual(factors)
        odd = int((look or (lambda f, m, s: np.argmax(np.abs(np.log(f / m)))))(factors, middle, sizes))
        share = (times or (lambda f, m: f / m))(factors[odd], middle)
        return {
            "usual factor": middle,
            "layer": odd + number,
            "times": share,
            "layer 1 without it": (without or (lambda s, t: s[0] / t))(sizes, share),
        }

    return where


def upside_down(sizes):
    found = found_where()(1 / sizes)
    return found | {"layer 1 without it": sizes[0] / found["times"]}


def where_by_logarithms(sizes):
    """Right: straight lines on a logarithmic axis have equal steps."""
    steps = -np.diff(np.log(sizes))
    middle = np.median(np.exp(steps))
    odd = max(range(len(steps)), key=lambda i: abs(steps[i] - np.log(middle)))
    times = np.exp(steps[odd]) / middle
    return {
        "usual factor": middle,
        "layer": int(odd + 2),
        "times": times,
        "layer 1 without it": sizes[0] * middle / np.exp(steps[odd]),
    }


# --- tell apart -----------------------------------------------------------------------------------------------------

IMAGES, NEURONS = 20, 8


@cache
def run_of(mechanism, seed):
    """Sums of layer 1 and the gradient there, for 20 digits, in a network 64-8-8-10 with ReLU.

    Dead: the biases of 2 to 6 neurons have been pushed far down, as by a step that was too long. Vanishing: the layers
    above hardly pass anything on; here 2 to 6 neurons answer to one image or two, so that zeros alone tell nothing. In
    both, another neuron is on for nearly all images, so that it tells nothing either how far apart the neurons lie.
    """
    rng = np.random.default_rng([42, seed])
    part = data.digits(0).train
    rows = rng.permutation(len(part.x))[:IMAGES]
    x, y = part.x[rows] / 16 - 0.3, part.y[rows]
    w1 = rng.normal(size=(NEURONS, 64)) / 4
    w2, w3 = rng.normal(size=(NEURONS, NEURONS)) / 3, rng.normal(size=(10, NEURONS)) / 3
    z = x @ w1.T
    height = np.sort(z, axis=0)
    loud, *quiet = rng.permutation(NEURONS)[: rng.integers(3, 8)]
    bias = -height[rng.integers(3, 12, NEURONS), np.arange(NEURONS)]  # most neurons answer to 40 to 90 % of the images
    if mechanism == "dead":
        bias[quiet] = -height[-1, quiet] - rng.uniform(0.05, 0.5, len(quiet))
    else:
        bias[quiet] = -height[-1 - rng.integers(1, 3, len(quiet)), quiet]
        w2 = w2 * 10.0 ** -rng.uniform(2, 8)
    bias[loud] += rng.uniform(0, 6)
    z = z + bias
    a = np.maximum(z, 0)
    z2 = a @ w2.T
    logits = np.maximum(z2, 0) @ w3.T
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    p[np.arange(IMAGES), y] -= 1
    return z, (p / IMAGES @ w3 * (z2 > 0)) @ w2 * (z > 0)


def hidden_runs(rng):
    """Twelve runs of each mechanism, each in units of its own, so that no size tells them apart."""
    seeds = rng.permutation(400)[:24]
    for i in rng.permutation(24):
        mechanism = ("vanishing", "dead")[i % 2]
        z, gradient = run_of(mechanism, int(seeds[i]))
        units = 10.0 ** rng.uniform((-2, -8), (3, 2)) / (np.abs(z).max(), np.abs(gradient).max())
        yield Case((z * units[0]).astype(np.float32), (gradient * units[1]).astype(np.float32), mechanism=mechanism)


def silent_by_gradient(z, gradient):
    """Right: no image sends anything back."""
    return float(sum(not neuron.any() for neuron in gradient.T))


def least_awake(z, gradient):
    """Right: is the neuron that is highest at its best still off?"""
    return -np.sort(np.sign(z.max(axis=0))).sum()


COMMON = {"difficulty": 3, "points": 4}

tasks = [
    Task(
        name="4.2 clip",
        kind="implement",
        level="apply",
        objective="4.2c",
        minutes=6,
        difficulty=2,
        points=3,
        cases=gradients,
        equivalent={"min(limit / norm, 1, …)": "the smaller of two numbers does not depend on their order"},
        alternatives=[clip_by_concatenating, clip_in_loops],
        misconceptions=[
            Misconception(
                "each array is clipped by a norm of its own",
                clip_each,
                "forum: stackoverflow.com 44796793, clip_by_norm on each gradient, or clip_by_global_norm",
            ),
            Misconception(
                "each number is cut to the limit by itself, which turns the direction",
                clip_values,
                "literature: Mikolov (2012) cuts single numbers; Pascanu and others (2013) the norm",
            ),
            Misconception(
                "small gradients are scaled up to the limit as well",
                clip_always,
                "invented: clipping read as normalising",
            ),
            Misconception(
                "the norms of the arrays are added up, not their squares",
                clipped_by(lambda gradients: sum(np.linalg.norm(g) for g in gradients)),
                "invented: lengths added as if all pointed one way",
            ),
            Misconception(
                "the root of the sum is left out",
                clipped_by(lambda gradients: length(gradients) ** 2),
                "invented: the last step of the norm forgotten",
            ),
            Misconception(
                "the largest number stands in for the norm",
                clipped_by(lambda gradients: max(np.abs(g).max() for g in gradients)),
                "invented: the norm read as the largest entry",
            ),
            Misconception(
                "sizes are added up in place of their squares",
                clipped_by(lambda gradients: sum(np.abs(g).sum() for g in gradients)),
                "invented: the norm of absolute values for that of squares",
            ),
            Misconception(
                "the mean of the squares is taken, not their sum",
                clipped_by(lambda g: length(g) / sum(part.size for part in g) ** 0.5),
                "invented: the typical size of the lesson taken for the norm",
            ),
            Misconception(
                "gradients above the limit are multiplied by the limit itself, not by limit / norm",
                clip_times_limit,
                "invented: tried by the author; half of the factor",
            ),
            Misconception(
                "gradients above the limit are brought to length 1, not to the limit",
                clip_to_one,
                "invented: limit forgotten after the comparison",
            ),
        ],
        hints=[
            "How many norms does the text speak of, and how many factors?",
            "First one number for all arrays: squares, summed over all, then the root. Then one factor, at most 1.",
            "Two arrays (2, 4) and (4), limit 3: the squares are 4 + 16 + 16 = 36, the norm is 6, the factor ½. "
            "They become (1, 2) and (2).",
        ],
    ),
    Task(
        name="4.2 norm",
        kind="implement",
        level="apply",
        objective="4.2c",
        minutes=8,
        difficulty=3,
        points=3,
        cases=batches,
        alternatives=[norm_by_columns, norm_of_the_library],
        misconceptions=[
            Misconception(
                "mean and variance are taken within each image, across the neurons",
                normed(axis=1),
                "forum: newbe.dev, why batch normalization over channels only in CNN: over which axis the mean goes",
            ),
            Misconception(
                "one mean and one variance serve all neurons together",
                norm_over_all,
                "invented: mean() without an axis",
            ),
            Misconception(
                "the batch's own numbers are used in evaluation, too",
                normed(own=True),
                "forum: github.com/pytorch/pytorch issue 4741, using model.eval() with batchnorm gives high error",
            ),
            Misconception(
                "running numbers and batch numbers change places",
                normed(swapped=True),
                "invented: the two modes exchanged",
            ),
            Misconception(
                "sums are divided by the variance, not by its root",
                normed(power=1),
                "invented: spread and variance taken for each other",
            ),
            Misconception(
                "0.00001 is left out",
                normed(least=0),
                "invented: tried from the task's text; the guard against zero is forgotten",
            ),
            Misconception(
                "the mean is not taken off before the division",
                normed(centred=False),
                "invented: tried from the task's text; half of the normalisation",
            ),
            Misconception(
                "0.00001 is added behind the root",
                normed(inside=False),
                "invented: the guard against zero in its usual place",
            ),
            Misconception(
                "nine tenths of the batch's numbers are taken, and one tenth of the old ones",
                normed(old=0.1),
                "forum: github.com/pytorch/examples issue 289, whether 0.1 weighs the old or the new",
            ),
            Misconception(
                "running numbers move in evaluation, too",
                normed(moves=True),
                "literature: test statistics that leak into the model (Kapoor and Narayanan, 2023)",
            ),
            Misconception(
                "the running variance follows the spread, its root",
                norm_that_follows_the_spread,
                "invented: tried by the author; spread and variance taken for each other",
            ),
            Misconception(
                "the batch's numbers replace the running ones, which keep no memory",
                norm_that_forgets,
                "invented: the last batch taken for all",
            ),
            Misconception(
                "evaluation does all that training does: the batch's numbers are used, and the running ones move",
                normed(own=True, moves=True),
                "forum: github.com/pytorch/pytorch issue 4741, using model.eval() with batchnorm gives high error",
            ),
            Misconception(
                "running numbers never move",
                normed(keep=("mean", "var")),
                "invented: the second job of training forgotten",
            ),
            Misconception(
                "the variance is divided by n − 1",
                normed(ddof=1),
                "literature: two definitions of the sample variance",
            ),
            Misconception(
                "sums are normalised by the running numbers after their move, also in training",
                norm_with_the_new_running_numbers,
                "invented: one pair of numbers for both modes",
            ),
        ],
        hints=[
            "Two questions: whose mean and variance are used, and which numbers move? Answer both for each mode.",
            "In z a row is an image and a column a neuron. Which axis do you go along to see one neuron on all images?",
            "One neuron with sums 2 and 6 in training: mean 4, variance 4, so −1 and 1. A running mean of 0 becomes "
            "0.9 · 0 + 0.1 · 4 = 0.4.",
        ],
    ),
    Task(
        name="4.2 residual",
        kind="implement",
        level="apply",
        objective="4.2c",
        minutes=5,
        difficulty=2,
        points=2,
        probe="differentiable",
        cases=blocks,
        alternatives=[lambda x, w1, w2: F.linear(F.relu(F.linear(x, w1)), w2) + x],
        misconceptions=[
            Misconception(
                "ReLU stands behind the sum, where it cuts what came in",
                lambda x, w1, w2: F.relu(x + x @ w1.T @ w2.T),
                "invented: the activation closes the block",
            ),
            Misconception(
                "a second ReLU stands behind the sum, as in the first residual networks",
                lambda x, w1, w2: F.relu(x + F.relu(x @ w1.T) @ w2.T),
                "literature: He and others (2016a), whose later paper (2016b) takes that ReLU away",
            ),
            Misconception(
                "what came in is added as an array, so that no gradient goes back that way",
                lambda x, w1, w2: F.relu(x @ w1.T) @ w2.T + x.data,
                "invented: tried by a reviewer; the value alone in mind",
            ),
            Misconception(
                "nothing is added: what came in is lost",
                lambda x, w1, w2: F.relu(x @ w1.T) @ w2.T,
                "invented: the skip forgotten",
            ),
            Misconception(
                "the branch has no ReLU", lambda x, w1, w2: x + x @ w1.T @ w2.T, "invented: the bend forgotten"
            ),
            Misconception(
                "ReLU acts on what comes in, which the sum needs whole",
                lambda x, w1, w2: F.relu(x) + F.relu(F.relu(x) @ w1.T) @ w2.T,
                "literature: pre-activation misplaced; He and others (2016b) put it into the branch alone",
            ),
            Misconception(
                "ReLU stands before the first weights of the branch",
                lambda x, w1, w2: x + F.relu(x) @ w1.T @ w2.T,
                "literature: He and others (2016b), activation first",
            ),
            Misconception(
                "ReLU stands at the end of the branch, so that it can only add",
                lambda x, w1, w2: x + F.relu(F.relu(x @ w1.T) @ w2.T),
                "literature: He and others (2016b), figure 4: ReLU before the addition",
            ),
            Misconception(
                "the mean of both ways is taken, which halves the direct one",
                lambda x, w1, w2: (x + F.relu(x @ w1.T) @ w2.T) * 0.5,
                "literature: He and others (2016b), constant scaling of the skip",
            ),
            Misconception(
                "ReLU stands behind both weights of the branch, not between them",
                lambda x, w1, w2: x + F.relu(x @ w1.T @ w2.T),
                "invented: tried by the author; two weights without a bend collapse into one",
            ),
        ],
        hints=[
            "Two ways lead through the block. Which one has weights and a bend?",
            "The direct way must let everything through unchanged, values and gradients. So nothing may act on it.",
            "With one neuron: x = −2, w1 = −1, w2 = 3. The branch sends 3 · max(0, 2) = 6, the block −2 + 6 = 4.",
        ],
    ),
    Task(
        name="4.2 where",
        kind="attribute",
        level="analyze",
        objective="4.2b",
        minutes=10,
        **COMMON,
        cases=measured,
        equivalent={
            "np.log(factors / usual) → np.log2(factors / usual)": "the base of a logarithm does not move its largest",
            "factors / usual → usual / factors": "the logarithm changes its sign, and its size is taken",
        },
        alternatives=[
            where_by_logarithms,
            found_where(look=lambda f, m, s: np.argmax(np.abs(f - m))),  # every fault here is far from 1
        ],
        misconceptions=[
            Misconception(
                "the layer with the smallest gradient is taken for the cause",
                found_where(look=lambda f, m, s: min(np.argmin(s), len(f) - 1), number=1),
                "invented: the place of the symptom taken for that of the cause",
            ),
            Misconception(
                "layers are counted one too low: weights belong to the layer that they lead into",
                found_where(number=1),
                "invented: tried on the lesson's own figure",
            ),
            Misconception(
                "layers are counted from 0, and the first factor as layer 0",
                found_where(number=0),
                "invented: places of an array for numbers of layers",
            ),
            Misconception(
                "the largest difference between neighbours is sought, not the largest ratio",
                found_where(look=lambda f, m, s: np.argmax(np.abs(np.diff(s)))),
                "literature: additive thinking where a ratio rules (Van Dooren and others, 2005)",
            ),
            Misconception(
                "only a smaller factor is looked for",
                found_where(look=lambda f, m, s: np.argmin(f)),
                "invented: every trouble is a vanishing gradient",
            ),
            Misconception(
                "only a larger factor is looked for",
                found_where(look=lambda f, m, s: np.argmax(f)),
                "invented: every trouble is an exploding gradient",
            ),
            Misconception(
                "factors are divided the way forward, from a layer to the next",
                upside_down,
                "invented: the direction of the backward pass overlooked",
            ),
            Misconception(
                "the mean of the factors is taken, which the odd one pulls along",
                found_where(usual=np.mean),
                "invented: mean for median",
            ),
            Misconception(
                "times is turned round: how many times the usual factor is the odd one",
                found_where(times=lambda f, m: m / f, without=lambda s, t: s[0] * t),
                "invented: a ratio read the other way",
            ),
            Misconception(
                "times is the odd factor less the usual one, a difference for a ratio",
                found_where(times=lambda f, m: f - m),
                "literature: additive thinking where a ratio rules (Van Dooren and others, 2005)",
            ),
            Misconception(
                "the odd factor itself is given, not how many times it is the usual one",
                found_where(times=lambda f, m: f, without=lambda s, t: s[0] / t),
                "invented: the usual part of the factor is put down to the fault",
            ),
            Misconception(
                "the size at layer 1 is multiplied by the odd layer's share, not freed of it",
                found_where(without=lambda s, t: s[0] * t),
                "invented: cause applied twice",
            ),
        ],
        hints=[
            "Plot `sizes` on a logarithmic axis. Equal factors make a straight line; where does it step?",
            "Work with ratios of neighbours, the lower layer's size over the upper one's. The median does not mind one "
            "odd ratio.",
            "Sizes 1, 2, 40, 80 of four layers: factors 0.5, 0.05, 0.5 for layers 2, 3, 4. The usual one is 0.5. "
            "Layer 3 is odd: 0.1 times. Without it layer 1 would have 10.",
        ],
    ),
    Task(
        name="4.2 tell apart",
        kind="discriminate",
        level="analyze",
        objective="4.2a",
        minutes=10,
        **COMMON,
        cases=hidden_runs,
        marking=Marking("separate", words=("vanishing", "dead")),
        alternatives=[silent_by_gradient, least_awake],
        misconceptions=[
            Misconception(
                "the size of the gradient is taken, which has units of its own",
                lambda z, gradient: -np.abs(gradient).mean(),
                "invented: small and zero taken for each other",
            ),
            Misconception(
                "single zeros are counted, which a neuron that is well has on many images",
                lambda z, gradient: np.mean(gradient == 0),
                "forum: stats.stackexchange.com 224378, dead and quiet ReLUs are told apart there",
            ),
            Misconception(
                "images are asked whether they wake no neuron, not neurons whether no image wakes them",
                lambda z, gradient: np.mean(np.all(z <= 0, axis=1)),
                "invented: axis 0 and axis 1 exchanged",
            ),
            Misconception(
                "neurons are called dead that are off on average",
                lambda z, gradient: np.mean(z.mean(axis=0) <= 0),
                "invented: the mean over images hides the few that wake a neuron",
            ),
            Misconception(
                "one image decides, though it leaves many neurons off that are well",
                lambda z, gradient: np.mean(z[0] <= 0),
                "invented: one example for all",
            ),
            Misconception(
                "a border is set that does not move with the units",
                lambda z, gradient: np.mean(np.abs(gradient).max(axis=0) < 1e-3),
                "invented: a small number for zero",
            ),
            Misconception(
                "it is asked how far apart the neurons' means lie, which a loud neuron stretches as well",
                lambda z, gradient: np.std(z.mean(axis=0)) / np.std(z),
                "invented: tried by a reviewer; dead neurons sought as outliers",
            ),
            Misconception(
                "neurons are called dead that are off for nine images in ten",
                lambda z, gradient: np.mean(np.mean(z <= 0, axis=0) >= 0.9),
                "invented: nearly always for always",
            ),
        ],
        hints=[
            "What does a dead neuron do on every image? What does one do that is only rarely awake?",
            "Look for something that no change of units can touch: zero stays zero. And count neurons, not numbers.",
            "Three lamps over four nights: off off on off, off off off off, on on off on. Zeros: 8 of 12. Lamps that "
            "never shone: 1 of 3. Only the second count speaks of broken lamps.",
        ],
    ),
    Task(
        name="4.2 way back",
        kind="implement",
        level="apply",
        objective="4.2c",
        minutes=12,
        reach=True,
        **COMMON,
        cases=ways_back,
        equivalent={"z - z.mean(axis=0) → z.mean(axis=0) - z": "h stands twice in its product, so its sign cancels"},
        alternatives=[norm_backward_by_the_library, norm_backward_by_ways],
        misconceptions=[
            Misconception(
                "mean and spread are taken for constants, as if they did not move with the sums",
                sent_back(middle=0, stretch=0),
                "literature: Ioffe and Szegedy (2015), section 2, who warn of steps that leave this out",
            ),
            Misconception(
                "the spread is taken for a constant; only the way through the mean is followed",
                sent_back(stretch=0),
                "invented: one of two ways forgotten",
            ),
            Misconception(
                "the mean is taken for a constant; only the way through the spread is followed",
                sent_back(middle=0),
                "invented: one of two ways forgotten",
            ),
            Misconception(
                "what comes through mean and spread is added, not taken away",
                sent_back(middle=-1, stretch=-1),
                "invented: the sign of the subtraction lost on the way back",
            ),
            Misconception(
                "the way through the spread is added, not taken away",
                sent_back(stretch=-1),
                "invented: the sign of the division lost on the way back",
            ),
            Misconception(
                "sums are taken as they are where normalised ones belong",
                lambda gradient, z: (
                    (gradient - gradient.mean(axis=0) - z * (gradient * z).mean(axis=0))
                    / np.sqrt(z.var(axis=0) + 0.00001)
                ),
                "invented: tried by a reviewer; before and after the division taken for each other",
            ),
            Misconception(
                "the gradient is multiplied by the spread, where the way back divides as the way forward does",
                sent_back(power=-1),
                "invented: going back thought to undo the division",
            ),
            Misconception(
                "the gradient is divided by the variance, not by the spread",
                sent_back(power=2),
                "invented: spread and variance taken for each other",
            ),
            Misconception(
                "the division by the spread is left out",
                sent_back(power=0),
                "invented: only the corrections kept",
            ),
            Misconception(
                "sums over the batch stand where means belong",
                sent_back(sums=True),
                "invented: the 1 / n of the mean forgotten",
            ),
            Misconception(
                "mean and spread are taken within each image, across the neurons",
                sent_back(axis=1),
                "forum: newbe.dev, why batch normalization over channels only in CNN: over which axis the mean goes",
            ),
            Misconception(
                "0.00001 is left out on the way back",
                sent_back(inside=False),
                "invented: the guard against zero seen as no part of the formula",
            ),
        ],
        hints=[
            "Push one sum up. Its own output moves, and mean and spread of the batch move, too: three ways.",
            "Norm undoes two changes of the sums: a shift of all, and a stretch. So neither can change the loss. Which "
            "parts of the gradient must be missing on the way back?",
            "Another function takes their mean away from three sums. Behind it are the gradients 1, 2, 6, with mean 3. "
            "At the sums arrive −2, −1, 3. These add up to 0, since a shift of all sums changes nothing.",
        ],
    ),
]
