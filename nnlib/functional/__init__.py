"""Every operation: its value and its vector-Jacobian product, side by side. In the formulas c is the result, L the
loss, and g = dL/dc what comes back to the operation. Names and arguments are PyTorch's; some defaults suit rows of
examples better: flatten keeps dimension 0, softmax goes along the last.

All raise TypeError where float32 and float64 Tensors meet. Operations on two raise ValueError for shapes that do not
fit together, those along a dimension IndexError where there is none; what else is refused, each one says.

Read the files in this order: elementwise (operands.py checks what they are given), activations, shape, linear, losses,
normalise, conv, recurrent, attention.
"""

from nnlib.functional.activations import elu, gelu, leaky_relu, log_softmax, relu, sigmoid, softmax, tanh
from nnlib.functional.attention import attention_weights, scaled_dot_product_attention
from nnlib.functional.conv import avg_pool2d, conv1d, conv2d, max_pool2d
from nnlib.functional.elementwise import abs, add, clip, div, exp, log, maximum, mul, neg, pow, sub
from nnlib.functional.linear import embedding, linear, matmul
from nnlib.functional.losses import binary_cross_entropy_with_logits, cross_entropy, l1_loss, mse_loss
from nnlib.functional.normalise import batch_norm, dropout, dropout_mask, layer_norm
from nnlib.functional.recurrent import gru, gru_cell, lstm, lstm_cell, rnn, rnn_cell
from nnlib.functional.shape import cat, flatten, getitem, mean, reshape, stack, sum, transpose
