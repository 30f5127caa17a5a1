"""Messages about the conversation itself: what the learner would like from the guide, or that they are at a loss."""

import re
from typing import Literal

from bot.tutor.words import content_stems

Wish = Literal["who", "summary", "next", "example", "why", "more", "object", "weary"]

#: What may stand before and after a wish without changing it.
_BEFORE = (
    r"(?:(?:ok|okay|and|but|so|well|hm+|oh|wait|sorry|please|thanks|thank you|hey|hi|hello|yes|no|actually|also|then|now)\W+)*"
    r"(?:(?:can|could|would|will) you (?:please |maybe |just |quickly )?|please |i would like (?:to have |to see )?|i['’]d like )?"
)
_AFTER = r"(?:\W+(?:please|then|now|so far|again|for me|exactly|though|here|thanks|thank you|in this lab|in general))*"

_WISHES: dict[Wish, tuple[str, ...]] = {
    "who": (
        (
            r"(?:are you|is this|am i (?:talking|speaking|writing|chatting) (?:to|with)) (?:really |even "
            r"|just |actually )?(?:an? )?(?:real |actual |living )?(?:human(?: being)?|person|bot|robot|ai"
            r"|a\.i\.|machine|computer|chatgpt|claude|script|program|real|llm|language model)(?: or (?:an?"
            r" )?\w+)?"
        ),
        r"(?:who|what) (?:are you|am i (?:talking|speaking|writing) (?:to|with))",
        r"what['’]?s your name",
        r"who (?:made|wrote) you",
    ),
    "summary": (
        (
            r"(?:summari[sz]e|recap|sum (?:it |this |that )?up|give me (?:a |the )?(?:summary|recap))(?:"
            r" (?:it|this|that|what we (?:have )?\w+|our \w+|the \w+|everything|where we are))*"
        ),
        r"(?:a |the )?(?:short |quick )?(?:summary|recap)",
        r"where (?:are we|were we|do we stand|am i)",
        (
            r"what (?:have|did) (?:we|i) (?:covered|cover|discussed|discuss|done|do|said|say|talked about"
            r"|talk about|learned|learn|explored)(?: so far| until now)?"
        ),
    ),
    "next": (
        (
            r"what (?:should|do|can|shall|must|could) (?:i|we) (?:do|say|talk about|ask|write|answer|discuss"
            r"|look at)(?: (?:next|now|here|about))*"
        ),
        r"what(?:['’]?s| is| comes) (?:next|left|missing|still (?:open|missing))",
        r"what (?:now|next|else)",
        r"next(?: (?:one|question|topic|step))?",
        (
            r"how (?:do|can|should) i (?:finish|complete|continue|start|begin|go on)(?: (?:this|the|with this"
            r"|with the)(?: lab)?)?"
        ),
        r"where (?:do|should) (?:i|we) (?:start|begin)",
        r"what do you (?:want|expect)(?: (?:me to (?:do|say)|from me|of me))?",
        r"(?:let['’]?s )?(?:go on|move on|continue)(?: to the next (?:one|topic|question))?",
        r"anything else",
    ),
    "example": (
        (
            r"(?:(?:give|show|tell)(?: me| us)? )?(?:an |one |some )?(?:concrete |good |sample )?(?:example"
            r"|examples|sample answer)(?: of (?:that|this|it|a good answer))?"
        ),
        r"like what",
        r"such as",
        r"for example",
        r"e\.?g\.?",
        (
            r"what would (?:you|an expert|a professional|a good answer|the best answer)(?: \w+)? (?:say|do"
            r"|answer|choose|recommend|suggest|be|look like)(?: (?:here|there|in my place|instead))?"
        ),
        r"what(?:['’]?s| is| would be) (?:the |a )?(?:good|right|best|correct|sound) (?:answer|choice)",
        r"how would you (?:do|answer|solve) (?:it|that|this)",
    ),
    "why": (
        (
            r"why(?: not| so| is that| is this| is it so|['’]?s that| do you (?:say|think|ask|believe"
            r"|disagree)(?: (?:that|so|this|it))?| (?:would|should) (?:that|this|it) (?:be|matter)| does"
            r" (?:that|this|it) matter)?"
        ),
        r"how (?:so|come|do you know(?: (?:that|this))?)",
        r"says who",
        r"really",
        r"prove (?:it|that)",
        r"are you sure(?: about (?:that|this|it))?",
        r"(?:says|according to) whom",
        r"where (?:is|does|did) (?:that|this|it|you (?:get|have)) (?:that |this )?(?:come )?from",
        r"what(?:['’]?s| is) (?:the|your) (?:source|reason|evidence)(?: (?:for|of) (?:that|this|it))?",
        r"is (?:that|this|it) (?:really )?(?:true|so|right)",
    ),
    "more": (
        (
            r"(?:tell me|say|explain|i want|give me) (?:a little |a bit |some )?more(?: about (?:that|this"
            r"|it))?"
        ),
        r"go deeper",
        r"(?:explain|elaborate)(?: (?:that|this|it|on that|on this))?",
        r"i do ?n['’]?t (?:get|understand) (?:that|this|it)",
        r"what do you mean(?: (?:by that|with that|exactly))?",
        r"what does (?:that|this|it) mean",
    ),
    "object": (
        (
            r"i (?:(?:really |totally |completely |strongly )?disagree|(?:do ?n['’]?t|do not|can ?not"
            r"|can['’]?t) (?:agree|believe|think so|buy|see (?:that|it|why)))(?: (?:with )?(?:you|that|this"
            r"|it))?(?: (?:at all|there|here|on (?:that|this)))?"
        ),
        (
            r"(?:that|this|it) (?:makes no sense|is(?: just| simply)? (?:wrong|nonsense|not true|false"
            r"|rubbish)|is ?n['’]?t (?:true|right))"
        ),
        r"that['’]?s (?:wrong|nonsense|not true|false|rubbish|not right)",
        r"nonsense",
        r"rubbish",
        r"you(?:['’]?re| are) (?:wrong|mistaken)(?: about .{1,40})?",
        r"i (?:have )?(?:read|heard) (?:the opposite|otherwise|something else|differently)(?: .{1,40})?",
        r"no way",
        r"i doubt (?:it|that)",
    ),
    "weary": (
        (
            r"(?:this|that|it)(?: is|['’]?s)(?: such| just| really)? (?:a )?(?:waste of (?:my )?time|boring"
            r"|annoying|pointless|tedious|too long|too hard|too difficult|stupid|useless)"
        ),
        (
            r"(?:you (?:keep|are|['’]re) (?:on )?(?:asking|saying|repeating)|stop (?:asking|repeating))"
            r" .{0,40}"
        ),
        r"you(?:['’]ve| have)? already (?:asked|said) (?:that|this)",
        r"(?:i['’]?m|i am) (?:bored|tired of (?:this|it)|fed up|annoyed)",
        r"boring",
        r"how long (?:does|will) this (?:take|go on)",
        r"(?:i )?(?:want|would like) to (?:stop|quit|leave)",
        r"when (?:is|will) this (?:be )?over",
    ),
}
_WHOLE = {
    wish: re.compile(rf"\W*{_BEFORE}(?:{'|'.join(patterns)}){_AFTER}\W*", re.IGNORECASE)
    for wish, patterns in _WISHES.items()
}
#: Longer messages are about more than the conversation.
_MAX_WISH_CHARS = 120

_LOST = re.compile(
    r"(?:\b(?:i(?:['’]m)?|honestly|sorry)\W+(?:am |['’]m |really |just |still |honestly |simply |absolutely |also |have |['’]ve )*|^\W*|[.!?,;]\W*)"
    r"(?:no (?:idea|clue)|not (?:quite |really |so |too )?sure|unsure|uncertain|(?:do ?n['’]?t|do not) (?:really |quite )?(?:know|understand|get)"
    r"|dunno|idk|no opinion|can['’]?t (?:say|tell)|clueless|lost(?=\W*$))(?!\w)"
    r"(?: (?:about|how|what|which|why|where|who|whether|if|when|any|this|that|it|the|anything)\b[^.;,!?]*)?",
    re.IGNORECASE,
)
_HELP = re.compile(
    r"\b(?:help(?: me)?(?: out)?|(?:just )?(?:tell|give|show) me (?:the|your|an?) answer|what(?:ever|soever)(?: you (?:think|like|want|say)(?: is (?:best|right))?)?"
    r"|you (?:decide|choose)|up to you|(?:a |give me a |any )?(?:hint|tip|clue)s?|you tell(?: me)?|tell me|explain|pass|skip(?: (?:it|this|that))?|stuck"
    r"|give up|no answer|next question)\b",
    re.IGNORECASE,
)
#: With this much said beside it, "I am not sure" is modesty.
_MIN_WORDS_OF_AN_ANSWER = 3


def wish_in(text: str) -> Wish | None:
    """Return what the message asks about the conversation, when it asks nothing else.

    >>> wish_in("ok, can you summarise?"), wish_in("Why do you say that?"), wish_in("Why do we need consent?")
    ('summary', 'why', None)
    """
    said = text.strip()
    if not said or len(said) > _MAX_WISH_CHARS:
        return None
    return next((wish for wish, whole in _WHOLE.items() if whole.fullmatch(said)), None)


def is_at_a_loss(text: str) -> bool:
    """Tell whether the learner has no answer to what was asked, and says hardly anything else.

    >>> is_at_a_loss("I have no idea about this task"), is_at_a_loss("not sure")
    (True, True)
    >>> is_at_a_loss("I'm not sure, but I would put lapel mics on the staff"), is_at_a_loss("We skip overlap")
    (False, False)
    """
    if text.strip() and not re.sub(r"[\W_]", "", text):
        return "?" in text
    rest, num_lost = _LOST.subn(" ", text)
    if num_lost:
        return len(content_stems(_HELP.sub(" ", rest))) < _MIN_WORDS_OF_AN_ANSWER
    rest, num_pleas = _HELP.subn(" ", text)
    return bool(num_pleas) and not content_stems(rest)


def leaves_it_to_us(text: str) -> bool:
    """Tell whether somebody at a loss wants the answer rather than a hint."""
    return bool(
        re.search(
            r"\banswer\b|\bwhatever\b|\byou (?:decide|choose|tell)\b|\bup to you\b", text, re.IGNORECASE
        )
    )
