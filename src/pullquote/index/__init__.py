"""Passages and vectors -> a generation on disk, and back.

`rebuild` makes the next generation, `IndexFolder` says which one is current, `Generation` answers
from it. A generation is written once and never changed.
"""

from pullquote.index.build import Progress, Report, rebuild
from pullquote.index.folder import IndexFolder
from pullquote.index.generation import Generation

__all__ = ["Generation", "IndexFolder", "Progress", "Report", "rebuild"]
