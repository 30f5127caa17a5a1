"""What can be wrong with a course.

CourseError
└── ContentError      the content cannot be taught; `faults` lists every reason
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing an author has to put right.

    >>> print(Fault("lesson-1/quiz.yaml", "questions.L1-Q1.options", "has no correct option"))
    lesson-1/quiz.yaml: questions.L1-Q1.options: has no correct option
    """

    #: Path inside the module's folder.
    file: str
    #: Where in the file, ids in place of list positions.
    key: str
    message: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.key, self.message) if part)


class CourseError(Exception):
    """Something about the course went wrong."""


class ContentError(CourseError):
    """The content cannot be taught as it stands."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        lines = "\n".join(f"  {fault}" for fault in faults)
        super().__init__(f"The course content has {len(faults)} fault(s); put these right:\n{lines}")
