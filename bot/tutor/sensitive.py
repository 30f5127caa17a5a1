"""Messages that need something other than teaching, recognised by rules.

The rules are modest on purpose: they look for plain wordings in English, prefer missing a case to accusing
somebody, and are asked in order of urgency. A person in distress is answered before anything else; for that alone
other languages are read, too.
"""

import re
from typing import Literal

from bot.tutor.distress import is_distress

Concern = Literal[
    "distress",
    "abuse",
    "injection",
    "grading",
    "private_person",
    "legal_advice",
    "other_language",
    "off_topic",
]

#: Where a person who is not well finds a person.
HUMAN_CONTACT = (
    "Please talk to a person: somebody you trust, your doctor, or, if you are in danger, your emergency number "
    "(112 in Europe, 911 in North America). Crisis lines answer day and night: 988 in the US and Canada, "
    "116 123 in the UK and Ireland, and findahelpline.com lists those of other countries. "
    "If it is about work, your HR team or a colleague you trust can help."
)

#: Where an order to us begins. A sentence about somebody else ("the reporter must mark the transcript") has a subject.
_CLAUSE_START = r"(?:(?:^|[.!?;:,])\s*|\b(?:please|just|now|then|can you|could you|would you|will you|you can|you must)\s+)"
_DROP = r"(?:ignore|disregard|forget|override|bypass)"
_SHOW = r"(?:reveal|print|repeat|show|leak|output|tell me|give me)"
#: What is ours and not a law's or a product's: "we must not forget the retention rules" is part of the case.
_OURS = r" (?:your|previous|prior|above|earlier|preceding|initial|original|system|hidden|secret|the system|the hidden)"
_RULES_OF_OURS = r"(?:instruction|prompt|rule|guideline|persona|direction)s?"
_THIS = (
    r"(?:me|us|this|it|that|my|the|lab|lesson|course|module|step|exchange|exchanges|conversation|everything)"
)

#: In order of urgency, after distress.
_RULES: dict[Concern, tuple[str, ...]] = {
    "abuse": (
        r"\bfuck (you|off)\b|\bshut (the fuck )?up\b|\bgo to hell\b|\bi hate you\b|\bpiece of (shit|crap|garbage)\b",
        r"\byou (suck|idiot|moron|bastard|bitch|asshole)\b",
        r"\b(fucking|stupid|useless|worthless|dumb|pathetic) (bot|idiot|moron|robot|machine|persona|guide)\b",
        r"\byou(['’]re| are) (so |an? )?(fucking |really )?(stupid|useless|worthless|dumb|pathetic|idiot|moron)\b",
    ),
    "injection": (
        rf"\b{_DROP}( (all|any|every|everything|of|the|these|those|what))*{_OURS}( \w+){{0,2}} {_RULES_OF_OURS}",
        rf"\b{_DROP} (all |any |every |the |these |those )*{_RULES_OF_OURS} (above|before this|you (were|are|have))\b",
        rf"{_CLAUSE_START}{_DROP} (all |any |every |the |these |those )*{_RULES_OF_OURS}(?! (of|for|in|about|on|that)\b)",
        r"\bsystem[ _-]?prompt\b|\bdeveloper mode\b|\bjailbreak|\bdo anything now\b",
        r"\byou are now (an?|dan|in|my|free)\b|\bpretend (that )?you(['’]re| are| have| can)\b",
        rf"(?:{_CLAUSE_START}|\byou (?:must |should |can |could |will |now )*)pretend to be\b",
        rf"\b{_SHOW}( me| us)?( all)?( of)?{_OURS}( \w+){{0,2}} ({_RULES_OF_OURS}|configuration|settings|secrets?)\b",
        rf"\b{_SHOW} (the )?(text|words|{_RULES_OF_OURS}) (above|before|you)\b",
        rf"\b{_SHOW}( \w+){{0,3}} (api|secret) keys?\b",
        r"</?(system|assistant|instructions?)>|^\s*(system|assistant)\s*:",
    ),
    "grading": (
        rf"{_CLAUSE_START}(mark|set|record|count|register|flag)( {_THIS})+ (as |to )?(complete|completed|done|finished|passed)\b",
        r"\b(can|could|would|will|please) (you )?(please |just )?(mark|count|register|pass) me\b",
        r"\b(give|award|grant) me( \w+){0,3} (marks?|grade|points|pass|credit|badge|certificate)\b",
        r"\b(give|award|grant) me( an?| the| my)* (full|perfect|top|good|high|best|passing) score\b",
        r"\b(complete|finish|pass) (the|this|my) (lab|lesson|module|test|quiz)( \w+){0,2} (for me|now|already)\b",
        r"\blet me pass\b|\b(quiz|test) answers\b|\banswers? (to|of|for) the (quiz|test)\b",
    ),
    "private_person": (
        r"\b(home address|(phone|mobile) number|e-?mail address|date of birth|salary|password) (of|for)\b",
        r"\w['’]s (home address|(phone|mobile|private) number|e-?mail( address)?|date of birth|salary|password)\b",
    ),
    "legal_advice": (
        r"\b(is|would|was) (it|this|that|our \w+)( \w+){0,3} (legal|lawful|illegal|unlawful|against the law)\b",
        r"\b(are|am|would|will|could|can) (we|i|our \w+)( \w+){0,3} (liable|sued|fined|compliant|breaking the law)\b",
        r"\bcan (they|he|she|someone|staff|employees|people) sue\b|\bshould (we|i) (sue|settle|sign)\b|\blegal advice\b",
        r"\b(hold|stand)s? up in court\b",
    ),
}

_OFF_TOPIC = re.compile(
    r"\b(weather|football|soccer|cricket|basketball|recipe|cook(ing)?|pizza|dinner|lunch|joke|poem|song lyrics|horoscope"
    r"|lottery|bitcoin|stock market|share price|election|president|holiday|vacation|movie|netflix|video game|dating"
    r"|girlfriend|boyfriend|homework|capital of|birthday|write (me )?(a |an |some )?(essay|story|code|script|email))\b",
    re.IGNORECASE,
)

#: Details that a lab never needs. Only forms that are hard to mistake for a figure of the course.
_PERSONAL_DETAIL = re.compile(
    r"[\w.+-]+@[\w-]+\.[\w.]+"  # an e-mail address
    r"|\(an e-mail address\)|\(a telephone number\)"  # one that Slack had made a link of
    r"|(?<![\w.])\+\d{1,3}[ \d()/-]{7,}\d"  # an international telephone number
    r"|\b\d{3}-\d{2}-\d{4}\b"  # a US social security number
    r"|\b(?:\d{4}[ -]){3}\d{4}\b"  # a payment card
)

#: Common words of other languages that are not English words too.
_FOREIGN_WORDS = """
    der das und ist nicht ich wir ein eine wie kann mit für auf sind dass oder auch bitte kannst mir
    le les des est une nous vous je pas dans pour que qui sur avec quelle comment sont ce cette
    el los las una por para como qué cómo pero más está puede quiero con del
    il che di non per una sono come gli della questo è posso
    os uma não por você isso fazer são
    het een niet van ik zijn hoe voor maar kunnen wat
"""
_ENGLISH_WORDS = """
    the and is are to of a in we you it that this for with on be have not do how what who our can should would i
    they from at as or if will
"""
_FOREIGN = frozenset(_FOREIGN_WORDS.split())
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_LETTERS = re.compile(r"[^\W\d_]+")
_READ_CHARS = 4_000


def concern_in(text: str) -> Concern | None:
    """Return the most urgent thing in the text that is not teaching, or None."""
    read = text[:_READ_CHARS]
    if is_distress(read):
        return "distress"
    for concern, patterns in _RULES.items():
        if any(re.search(pattern, read, re.IGNORECASE | re.MULTILINE) for pattern in patterns):
            return concern
    if is_other_language(read):
        return "other_language"
    return "off_topic" if _OFF_TOPIC.search(read) else None


def has_personal_detail(text: str) -> bool:
    """Tell whether the text contains an address or a number that belongs to a person."""
    return bool(_PERSONAL_DETAIL.search(text[:_READ_CHARS]))


def is_other_language(text: str) -> bool:
    """Tell whether the text is plainly not English: another script, or other function words and hardly any English ones."""
    letters = [char for char in text if char.isalpha()]
    if not letters:
        return False
    if sum(not _is_latin(char) for char in letters) * 2 > len(letters):
        return True
    words = [word.lower() for word in _LETTERS.findall(text)]
    num_foreign = sum(word in _FOREIGN for word in words)
    num_english = sum(word in _ENGLISH for word in words)
    return num_foreign >= 2 and num_foreign > num_english  # noqa: PLR2004 - one such word may be a name


def _is_latin(char: str) -> bool:
    return ord(char) < 0x250  # noqa: PLR2004 - the end of Latin Extended-B
