"""How a gradient becomes a step. Read optimizers.py first; each of the others can be read by itself."""

from nnlib.optim.clip import clip_grad_norm_, clip_grad_value_
from nnlib.optim.optimizers import SGD, Adam, AdamW, Optimizer, RMSprop
from nnlib.optim.penalties import l1_penalty, l2_penalty, soft_threshold_
from nnlib.optim.schedules import (
    CosineAnnealingLR,
    LambdaLR,
    LinearLR,
    LRScheduler,
    OneCycleLR,
    ReduceLROnPlateau,
    SequentialLR,
    StepLR,
)
