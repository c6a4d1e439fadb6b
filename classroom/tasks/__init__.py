"""Tasks and their checks: a check knows *how* an answer is wrong. Read the files in this order:

`task` what an author writes · `source` where answers and stubs come from · `probes` how an answer becomes arrays ·
`cases` what a learner receives · `compare` the difference in words · `running` a learner's code, safely ·
`feedback` what she sees · `examine` from outputs to words · `check` what a lesson calls ·
`verify` the proof that a check works.
"""

from classroom.tasks.task import Misconception, Task

__all__ = ["Misconception", "Task"]
