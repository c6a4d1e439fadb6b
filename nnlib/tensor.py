"""A Tensor is an array that remembers which arrays it was computed from, and how. Asked for gradients, it walks
back through that memory, youngest result first, and hands every ancestor its share: reverse mode (Linnainmaa, 1970)."""

from contextlib import contextmanager
from heapq import heappop, heappush
from itertools import count
from threading import local

import numpy as np
from numpy import ndarray

from nnlib import guards

_serials = count()  # every tensor takes the next number, so a result is younger than its inputs


class _PerThread(local):
    no_grad = 0  # how many no_grad() blocks this thread is in: others may record meanwhile


_here = _PerThread()


class Tensor:
    """An array of numbers that can be differentiated.

    data           the numbers: a numpy array of any shape; shape () is a single number
    grad           dL/d(data) after L.backward(), an array of the same shape; None before
    requires_grad  True if somebody wants that gradient
    inputs, vjp    what it was computed from, and how a gradient goes back there (see `node`);
                   () and None for a tensor that was not computed: a *leaf* of the graph
    serial         its age: younger tensors have larger numbers. A change in place makes a tensor young again; if it is
                   now younger than a result computed from it before, backward refuses

    Numbers become float32, as in `torch.Tensor`; dtype=np.float64 asks for double precision. An array that has this
    precision already is shared, not copied: `t += 1` changes it too. With requires_grad=True it is copied, since
    training will change it.
    """

    __slots__ = ("__weakref__", "data", "grad", "inputs", "requires_grad", "serial", "vjp")
    __array_ufunc__ = None  # numpy leaves `array * tensor` to our __rmul__

    def __init__(self, data, requires_grad=False, dtype=np.float32):
        self.data = guards.as_numbers(data, dtype, copy=True if requires_grad else None)
        self.grad = None
        self.requires_grad = requires_grad
        self.inputs = ()
        self.vjp = None
        self.serial = next(_serials)

    def backward(self, gradient=None, retain_graph=False):
        """Add dL/dt to `t.grad` for every tensor t that L (this tensor) was computed from and that needs a gradient.

        L must be a single number. For any other tensor give `gradient`, an array of its shape: then L stands for
        sum(gradient * self). The graph is taken apart on the way, which frees its memory; retain_graph=True keeps it
        for a second backward. Results inside the graph keep their `.grad` too: to look at, not to change, since several
        tensors may share its numbers.

        Raises RuntimeError where an input was changed after it was computed with: by `t += ...`, by an optimiser's step
        or by load_state_dict. Zero the gradients then: some have arrived. Whatever is written into `.data`, into what
        shares it, such as detach(), or into labels and indices, goes unnoticed. PyTorch is a little different: it lets
        changed inputs pass where no vjp reads them, and keeps no `.grad` inside the graph.

        Why youngest first? Let b = a + a and c = b + b, and start with dc/dc = 1. The gradient of b arrives in two
        parts, 1 and 1. Only their sum may travel on to a, where 2 and 2 arrive: dc/da = 4. Whoever sends each part
        on at once walks every path on its own; sixty such lines have 2^60 paths. So b must wait until its sum is
        complete. With b = 2 a, d = 3 b, c = b + d, one part reaches b straight from c, and the other later, through
        d. How does b know? Whatever was computed from b is younger than b. As long as a part for b is under way, one
        of these is waiting; once b is the youngest one that waits, nothing more can arrive. That takes neither a sort
        of the graph nor recursion, which would fail on graphs deeper than Python's stack.
        """
        arrived = {self.serial: guards.first_gradient(self, gradient)}  # the gradients that wait, by serial number
        waiting = [(-self.serial, self)]  # a heap: the youngest tensor comes out first
        while waiting:
            tensor = heappop(waiting)[1]
            serial = tensor.serial
            g = arrived.pop(serial)
            tensor.grad = g if tensor.grad is None else np.asarray(tensor.grad + g)  # 0-d arrays add up to a scalar
            if tensor.vjp is None:
                continue
            gradients = tensor.vjp(g)
            if type(gradients) is not tuple or len(gradients) != len(tensor.inputs):
                raise guards.not_one_each(gradients, tensor)
            for x, gx in zip(tensor.inputs, gradients, strict=True):
                if x.serial > serial:
                    raise guards.changed(x, tensor)
                if not x.requires_grad:
                    continue
                data = x.data
                if type(gx) is not ndarray or gx.shape != data.shape or gx.dtype != data.dtype:
                    gx = _fit(gx, x, tensor)  # x was broadcast, or gx is a plain number
                if x.vjp is None:  # a leaf passes nothing on, so it need not wait
                    if x.grad is not None:
                        x.grad = np.asarray(x.grad + gx)
                    else:  # its own copy where others see the same numbers, since users write into x.grad
                        x.grad = gx.copy() if gx is g or gx.base is not None else gx
                elif x.serial in arrived:
                    arrived[x.serial] = np.asarray(arrived[x.serial] + gx)
                else:
                    arrived[x.serial] = gx
                    heappush(waiting, (-x.serial, x))
            if not retain_graph:
                tensor.inputs, tensor.vjp = (), guards.released

    # Looking at a tensor

    shape = property(lambda self: self.data.shape)
    ndim = property(lambda self: self.data.ndim)
    dtype = property(lambda self: self.data.dtype)

    @property
    def op(self):
        """What computed this tensor, "mul" for a * b; "released" once backward went through; None for a leaf."""
        return None if self.vjp is None else self.vjp.__qualname__.split(".")[0]

    def item(self):
        """The number in a tensor that holds only one, as a Python number."""
        if self.data.size != 1:
            raise ValueError(f"item() reads a single number, but this tensor has shape {self.shape}: use numpy().")
        return self.data.item()

    def numpy(self):
        """The numbers as a numpy array, shared with the tensor."""
        return self.data

    def detach(self):
        """The same numbers, shared, as a leaf that needs no gradient: backward stops here."""
        return Tensor(self.data.view(), dtype=self.data.dtype)

    def __repr__(self):
        numbers = np.array2string(self.data, separator=", ", prefix="Tensor(")
        dtype = "" if self.data.dtype == np.float32 else f", dtype={self.data.dtype}"
        origin = f", op={self.op}" if self.vjp else ", requires_grad=True" if self.requires_grad else ""
        return f"Tensor({numbers}{dtype}{origin})"

    def __array__(self, dtype=None, copy=None):
        return np.array(self.data, dtype=dtype, copy=copy)

    def __len__(self):
        if self.data.ndim == 0:
            raise TypeError("a tensor of shape () is a single number, without rows to count or to walk: use item().")
        return len(self.data)

    def __iter__(self):
        return (self[i] for i in range(len(self)))

    def __float__(self):
        return float(self.item())

    def __int__(self):
        return int(self.item())

    def __format__(self, spec):
        return format(self.item(), spec) if spec else str(self)

    def __bool__(self):
        return bool(self.data)

    def __reduce__(self):  # a copy (copy.deepcopy, pickle) is a leaf with a serial number of its own, without .grad
        return type(self), (self.data, self.requires_grad, self.data.dtype)

    # Comparisons give plain arrays of True and False: they have no gradient.

    __hash__ = object.__hash__

    def __eq__(self, other):
        return self.data == _array(other)

    def __ne__(self, other):
        return self.data != _array(other)

    def __lt__(self, other):
        return self.data < _array(other)

    def __le__(self, other):
        return self.data <= _array(other)

    def __gt__(self, other):
        return self.data > _array(other)

    def __ge__(self, other):
        return self.data >= _array(other)

    # Operators and methods: each is a function in functional/.

    def __add__(self, other):
        return functional.add(self, other)

    def __radd__(self, other):
        return functional.add(other, self)

    def __sub__(self, other):
        return functional.sub(self, other)

    def __rsub__(self, other):
        return functional.sub(other, self)

    def __mul__(self, other):
        return functional.mul(self, other)

    def __rmul__(self, other):
        return functional.mul(other, self)

    def __truediv__(self, other):
        return functional.div(self, other)

    def __rtruediv__(self, other):
        return functional.div(other, self)

    def __matmul__(self, other):
        return functional.matmul(self, other)

    def __rmatmul__(self, other):
        return functional.matmul(other, self)

    def __pow__(self, exponent):
        return functional.pow(self, exponent)

    def __rpow__(self, base):
        return functional.pow(base, self)  # which says how to write it

    def __neg__(self):
        return functional.neg(self)

    def __abs__(self):
        return functional.abs(self)

    def __getitem__(self, index):
        return functional.getitem(self, index)

    def exp(self):
        return functional.exp(self)

    def log(self):
        return functional.log(self)

    def sum(self, dim=None, keepdim=False):
        return functional.sum(self, dim, keepdim)

    def mean(self, dim=None, keepdim=False):
        return functional.mean(self, dim, keepdim)

    def reshape(self, *shape):
        return functional.reshape(self, shape[0] if len(shape) == 1 and not isinstance(shape[0], int) else shape)

    def transpose(self, dim0, dim1):
        return functional.transpose(self, dim0, dim1)

    @property
    def T(self):
        """A matrix with rows and columns swapped."""
        if self.data.ndim != 2:
            raise ValueError(
                f".T swaps the two sides of a matrix, but this has shape {self.shape}: use transpose(dim0, dim1)."
            )
        return functional.transpose(self, 0, 1)

    # Changing numbers in place: `w -= rate * w.grad`, inside no_grad()

    def __iadd__(self, other):
        return _in_place(self, np.add, other, "+=")

    def __isub__(self, other):
        return _in_place(self, np.subtract, other, "-=")

    def __imul__(self, other):
        return _in_place(self, np.multiply, other, "*=")

    def __itruediv__(self, other):
        return _in_place(self, np.true_divide, other, "/=")

    def __setitem__(self, index, value):
        raise guards.no_writing()


def node(value, inputs, vjp):
    """The result of an operation: a Tensor with this value that remembers its inputs and its vjp.

    `vjp`, the vector-Jacobian product, takes g = dL/d(value) and returns a tuple with dL/d(input) for each input.
    It is pure: it adds nothing up and changes nothing. It hands out g itself, views of g, or new arrays, but never
    the same new array for two inputs, since a leaf keeps it as its `.grad`. Where an input was broadcast, it returns
    the gradient in the shape of the value: backward sums it. An input that needs no gradient may get None. Thus an
    operation is its value and its gradient side by side:

        def mul(a, b):
            return node(a.data * b.data, (a, b), lambda g: (g * b.data, g * a.data))

    Nothing is remembered when no input needs a gradient, or inside no_grad().
    """
    result = Tensor.__new__(Tensor)
    result.data = value if type(value) is ndarray else np.asarray(value)  # 0-d results come as numpy scalars
    result.grad = None
    result.serial = next(_serials)
    if not _here.no_grad:
        for x in inputs:
            if x.requires_grad:
                result.requires_grad, result.inputs, result.vjp = True, inputs, vjp
                return result
    result.requires_grad, result.inputs, result.vjp = False, (), None
    return result


@contextmanager
def no_grad():
    """`with no_grad():` remembers nothing: for evaluating a model, and for changing parameters by hand. It holds for
    the thread that it stands in."""
    _here.no_grad += 1
    try:
        yield
    finally:
        _here.no_grad -= 1


def as_tensor(x, dtype=np.float32):
    """x itself if it is a Tensor, else a Tensor that needs no gradient, from a number, a list or an array."""
    return x if isinstance(x, Tensor) else Tensor(x, dtype=dtype)


# What backward and changes in place need


def _array(x):
    return x.data if isinstance(x, Tensor) else x


def touch(tensor):
    """Call this after changing a tensor's numbers: it is young again. If a result was computed from the old numbers,
    backward then finds an input that is younger than its result, and refuses."""
    tensor.serial = next(_serials)


def _fit(gx, x, result):
    """The gradient gx in the shape and the precision of its input x: where x was broadcast, the sum over its copies."""
    fitted = np.asarray(gx)
    if fitted.dtype.kind not in "biuf":
        raise TypeError(
            f"the vjp of {result.op} returned {'None' if gx is None else fitted.dtype} for an input that needs a "
            "gradient: it must be an array of real numbers."
        )
    fitted = fitted.astype(x.data.dtype)
    if fitted.ndim > x.ndim:
        fitted = fitted.sum(axis=tuple(range(fitted.ndim - x.ndim)))
    stretched = tuple(i for i, (n, m) in enumerate(zip(fitted.shape, x.shape, strict=False)) if m == 1 and n != 1)
    fitted = np.asarray(fitted.sum(axis=stretched, keepdims=True) if stretched else fitted)
    if fitted.shape != x.shape:
        raise ValueError(
            f"the vjp of {result.op} returned a gradient of shape {np.shape(gx)} for an input of shape {x.shape}: "
            "it must have the input's shape, or the result's where the input was broadcast."
        )
    return fitted


def _in_place(tensor, ufunc, other, sign):
    """Change the numbers of a tensor where they are; refused for a leaf while its gradient is recorded.

    Elsewhere NotImplemented makes Python compute t = t + other, a new tensor: for a result, whose numbers its vjp may
    need; for an `other` that has a gradient to record; and for a part or another shape of a tensor, x[0] or
    x.reshape(...), since backward would not see that x changed.
    """
    recording = not _here.no_grad
    learns = tensor.requires_grad and tensor.vjp is None
    if learns and recording:
        raise guards.needed_by_backward(sign)
    is_part = tensor.data.base is not None and not learns
    to_be_recorded = recording and isinstance(other, Tensor) and other.requires_grad
    if tensor.vjp is not None or is_part or to_be_recorded:
        return NotImplemented
    try:
        ufunc(tensor.data, _array(other), out=tensor.data, casting="same_kind")
    except ValueError:
        raise guards.keeps_its_shape(sign, other, tensor) from None
    touch(tensor)
    return tensor


from nnlib import functional  # noqa: E402  at the end, since the operations need Tensor and Tensor's operators need them
