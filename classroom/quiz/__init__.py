"""Questions and predictions.

To read in this order: `question` (what a question is), `bank` and `faults` (where questions come from), `card` (the
widget), `quiz`, `predict`, `memory` (when a question returns), `terms` (the glossary asked back), `standing` (how far
she is); `markup` when needed.
"""
