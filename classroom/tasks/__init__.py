"""Tasks and their checks: a check knows *how* an answer is wrong. Read the files in this order:

`task` what an author writes · `kinds` tasks that a rule marks, since no one output is right · `source` where answers
and stubs come from · `probes` how an answer is called and `arrays` what comes back as numbers · `cases` what a learner
receives · `compare`, `patterns` the difference in words · `causes` which misconceptions explain it · `running` a
learner's code, safely, with a `limit` of time · `errors` its errors in words · `feedback` what she sees · `examine` all
of this in turn · `check` what a lesson calls ·
`verify` the proof that a check works, with `trial` its verdicts, `mutants` its wrong answers, `workers` its processes.
"""

from classroom.tasks.kinds import Case, Marking
from classroom.tasks.task import Criterion, Misconception, Task, with_entries

__all__ = ["Case", "Criterion", "Marking", "Misconception", "Task", "with_entries"]
