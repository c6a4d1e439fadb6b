"""Questions and predictions. Read: `bank` (what a question is), `card` (the widget), `quiz`, `predict`, `memory`, `markup`."""
