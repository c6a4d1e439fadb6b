"""Questions and predictions.

To read in this order: `bank` (what a question is), `card` (the widget), `quiz`, `predict`, `memory`; `markup` when
needed.
"""
