"""Questions and predictions.

To read in this order: `question` (what a question is), `bank` and `faults` (where questions come from), `card` (the
widget), `quiz`, `predict`, `memory`; `markup` when needed.
"""
