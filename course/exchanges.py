"""Which of a learner's messages in a lab count as engaging with the scenario. Pure, no model asked.

Greetings, thanks, "ok", bare reactions and repeats do not count. A message that touches one of the lab's topics
counts even when it is short; any other message counts once it has some substance, in whatever language.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from course.model import Topic

MIN_CONTENT_WORDS = 4
#: Scripts that put no spaces between words are measured in characters.
MIN_UNSPACED_CHARACTERS = 8
#: From this likeness on, a message is a repeat of an earlier one.
REPEAT_RATIO = 0.92
_MAX_COMPARED_BY_CHARACTER = 600
_MAX_COMPARED_WORDS = 500

_COURTESIES = """
    a ah aha alright am and awesome bye can cheers clear continue cool day dear evening excellent fine for get go going
    good goodbye got great greetings haha hello hey hi hiya hm hmm how i im in interesting is it its just let lets lol
    love makes maybe me morning much nah nice no nope not of oh ok okay okey on perfect please really ready right see
    sense so sorry start sure thank thanks that thats the there thx to true ty understand understood very wait was we
    welcome well wow yeah yep yes yo you your yup are afternoon all do done nothing idk know dont don't
    hallo guten tag morgen danke bitte ja nein genau gut alles klar super prima tschüss schön sehr vielen dank
    bonjour salut merci beaucoup oui non bien bon d'accord dac très parfait au revoir
    hola gracias muchas sí si bueno buenos buenas días dias tardes vale claro perfecto adiós muy
    ciao grazie mille va bene buongiorno perfetto certo
    olá ola obrigado obrigada sim não nao tudo bem bom dia
    hej tack tak ja nej goedemorgen dank je wel prima moi kiitos dzień dobry dzięki tak
    привет спасибо да нет хорошо понятно ок здравствуйте
    merhaba teşekkürler evet hayır tamam namaste dhanyavaad shukriya
"""
_SMALL_TALK = frozenset(_COURTESIES.split())
_SMALL_TALK_UNSPACED = (
    "こんにちは", "ありがとうございます", "ありがとう", "はい", "いいえ", "わかりました", "なるほど", "了解です", "了解",
    "你好", "谢谢", "好的", "是的", "明白了", "明白", "안녕하세요", "감사합니다", "네", "좋아요",
)  # fmt: skip
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
#: Keywords up to this length are whole words, or "hum" would find "human" and "mic" Michael.
_MAX_WHOLE_WORD = 3
_MARKUP = re.compile(r"<[^>]*>|:[a-z0-9_+'-]+:|https?://\S+")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def is_engaged(text: str, earlier: Sequence[str], topics: Sequence[Topic]) -> bool:
    """Return whether a message counts as half of an exchange.

    Args:
        text: What the learner wrote.
        earlier: The learner's messages before it in this conversation.
        topics: The lab's topics.
    """
    content = content_words(text)
    unspaced = _unspaced_characters(text)
    if not content and not unspaced:
        return False
    if is_repeat(text, earlier):
        return False
    if any(mentions(text, topic.keywords) for topic in topics):
        return True
    return len(content) >= MIN_CONTENT_WORDS or unspaced >= MIN_UNSPACED_CHARACTERS


def content_words(text: str) -> list[str]:
    """Return the words of a message that are no small talk."""
    return [word for word in _words(text) if word not in _SMALL_TALK]


def count(texts: Sequence[str], topics: Sequence[Topic]) -> int:
    """Return how many of a learner's messages, in order, count."""
    return sum(is_engaged(text, texts[:position], topics) for position, text in enumerate(texts))


def is_repeat(text: str, earlier: Iterable[str]) -> bool:
    """Return whether the message says again what one of the earlier ones said.

    >>> is_repeat("Which microphone?!", ["which microphone"])
    True
    """
    said = _words(text)
    for other in earlier:
        before = _words(other)
        if said == before or _likeness(said, before) >= REPEAT_RATIO:
            return True
    return False


def _likeness(said: Sequence[str], before: Sequence[str]) -> float:
    one, other = " ".join(said), " ".join(before)
    if max(len(one), len(other)) <= _MAX_COMPARED_BY_CHARACTER:
        return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()
    # Letter by letter, two long messages would take minutes.
    return difflib.SequenceMatcher(
        None, said[:_MAX_COMPARED_WORDS], before[:_MAX_COMPARED_WORDS], autojunk=False
    ).ratio()


def mentions(text: str, keywords: Iterable[str]) -> bool:
    """Return whether a keyword begins a word, or a run of words, of the text.

    >>> mentions("We enrolled the judges", ["enrol"]), mentions("a microphone", ["phone"])
    (True, False)
    >>> mentions("are you human?", ["hum"]), mentions("two mics", ["mic"])
    (False, True)
    """
    return any(True for _ in mentioned(text, keywords))


def mentioned(text: str, keywords: Iterable[str]) -> Iterator[str]:
    """Yield the first word of the text, in lower case, that each keyword finds."""
    said = _folded(text)
    for keyword in keywords:
        found = _finder(keyword).search(said)
        if found:
            yield found.group()


@lru_cache(maxsize=2048)
def _finder(keyword: str) -> re.Pattern[str]:
    ending = r"s?(?!\w)" if len(keyword) <= _MAX_WHOLE_WORD and keyword.isalpha() else r"\w*"
    return re.compile(rf"(?<!\w){re.escape(_folded(keyword))}{ending}")


def topics_in(texts: Iterable[str], topics: Sequence[Topic]) -> tuple[Topic, ...]:
    """Return the topics that the messages touch, in the lab's order."""
    said = list(texts)
    return tuple(topic for topic in topics if any(mentions(text, topic.keywords) for text in said))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", _MARKUP.sub(" ", text)).replace("’", "'").casefold()


def _words(text: str) -> list[str]:
    return _WORD.findall(_folded(text))


def _unspaced_characters(text: str) -> int:
    rest = _folded(text)
    for phrase in _SMALL_TALK_UNSPACED:
        rest = rest.replace(phrase, "")
    return len(_UNSPACED.findall(rest))
