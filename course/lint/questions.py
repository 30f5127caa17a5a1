"""Questions that cannot be guessed from their shape, with feedback that stands alone."""

import re
from collections.abc import Iterator

from course.draft import TEST, Draft
from course.errors import Fault
from course.lint.limits import HEADER, OPTION, SECTION, too_long
from course.lint.prose import banned_words
from course.model import Question, Quiz

QUIZ_QUESTIONS = 4
TEST_QUESTIONS = 15
NUM_OPTIONS = 4
#: Bias is judged from this many questions on; fewer say nothing.
MIN_FOR_BIAS = 12
MAX_BIAS = 0.4
#: The correct option may be at most this many times as long as the longest wrong one.
MAX_LENGTH_RATIO = 1.25
_LETTER = re.compile(
    r"\b(option|answer|choice) ([A-D]|[1-4])\b|\((A|B|C|D)\)|\b(first|second|third|last) (option|answer)\b"
)
_OTHERS = re.compile(r"\b(all|none|both) of (the above|these answers)\b", re.IGNORECASE)
_STEM_LENGTH = 4


def question_faults(draft: Draft) -> Iterator[Fault]:
    """Yield what gives answers away or leaves feedback unclear."""
    every: list[Question] = []
    for file, quiz in draft.quizzes():
        yield from _counts(file, quiz)
        yield from too_long(file, "title", quiz.title, HEADER, "a header")
        for question in quiz.questions:
            yield from _one_question(file, question)
        every += quiz.questions
        yield from _bias(file, quiz.questions)
    yield from _bias("", tuple(every))


def _counts(file: str, quiz: Quiz) -> Iterator[Fault]:
    wanted = TEST_QUESTIONS if file == TEST else QUIZ_QUESTIONS
    if len(quiz.questions) != wanted:
        yield Fault(file, "questions", f"there are {len(quiz.questions)}; {wanted} are wanted")


def _one_question(file: str, question: Question) -> Iterator[Fault]:
    key = f"questions.{question.id}"
    yield from too_long(file, f"{key}.stem", question.stem, SECTION, "a section")
    if len(question.options) != NUM_OPTIONS:
        yield Fault(file, f"{key}.options", f"there are {len(question.options)}; {NUM_OPTIONS} are wanted")
    for number, option in enumerate(question.options, 1):
        where = f"{key}.options.{number}"
        yield from too_long(
            file, f"{where}.text", option.text, OPTION, "a button's label, with the number before it,"
        )
        yield from too_long(file, f"{where}.feedback", option.feedback, SECTION, "a section")
        yield from banned_words(file, where, f"{option.text} {option.feedback}")
        if _LETTER.search(option.feedback) or _OTHERS.search(option.text):
            yield Fault(file, where, "names an option by letter or place; options are shuffled, so quote it")
        if not _stems(option.text) & _stems(option.feedback):
            yield Fault(
                file, f"{where}.feedback", "takes up no word of its option, so it does not stand alone"
            )
    yield from _length(file, key, question)


def _length(file: str, key: str, question: Question) -> Iterator[Fault]:
    right = [len(option.text) for option in question.options if option.is_correct]
    wrong = [len(option.text) for option in question.options if not option.is_correct]
    if right and wrong and right[0] > MAX_LENGTH_RATIO * max(wrong):
        yield Fault(
            file, f"{key}.options", "the correct option is much longer than the others, which gives it away"
        )


def _bias(file: str, questions: tuple[Question, ...]) -> Iterator[Fault]:
    judged = [
        question for question in questions if sum(option.is_correct for option in question.options) == 1
    ]
    if len(judged) < MIN_FOR_BIAS:
        return
    for word, num in (("longest", _num_extreme(judged, 1)), ("shortest", _num_extreme(judged, -1))):
        if num > MAX_BIAS * len(judged):
            yield Fault(file, "questions", f"the correct option is the {word} in {num} of {len(judged)}")
    for position in range(NUM_OPTIONS):
        num = sum(len(each.options) > position and each.options[position].is_correct for each in judged)
        if num > MAX_BIAS * len(judged):
            yield Fault(
                file,
                "questions",
                f"the correct option stands in place {position + 1} in {num} of {len(judged)}",
            )


def _num_extreme(questions: list[Question], sign: int) -> int:
    num = 0
    for question in questions:
        right = next(sign * len(option.text) for option in question.options if option.is_correct)
        num += all(right > sign * len(option.text) for option in question.options if not option.is_correct)
    return num


def _stems(text: str) -> set[str]:
    return {word[:_STEM_LENGTH] for word in re.findall(r"\w+", text.casefold()) if len(word) >= _STEM_LENGTH}
