"""Signs that somebody is in distress or in danger, in the languages that a message is likely to be in.

Missing one is worse than showing a human contact to somebody who is well, so these wordings are wider than other
rules; what they leave alone is everyday talk about microphones, rooms and meetings.
"""

import re
import unicodedata

#: Who can hurt a person. "The noise hit me" has none of these before it.
_PEOPLE = (
    r"(?:boss|manager|supervisor|team ?lead|ceo|colleague|co-?worker|partner|husband|wife|boy ?friend|girl ?friend|father"
    r"|mother|dad|mum|mom|brother|sister|uncle|son|ex|customer|client|patient|guard|man|woman|guy|someone|somebody|he|she"
    r"|they|people)"
)
_HURT = (
    r"(?:hit|hits|hitting|beats?|beat up|beating|beaten|punch\w*|slapp?\w*|kick\w*|chok\w*|strangl\w*|grop\w*|grabb?\w*"
    r"|rap(?:e|ed|es|ing)|assault\w*|molest\w*|abus(?:e|ed|es|ing)|harass\w*|threaten\w*|bull(?:y|ied|ies|ying)|stalk\w*)"
)

_ENGLISH = (
    r"\b(kill|killing|hurt|hurting|harm|harming|cut|cutting|hang|hanging|shoot|drown|unalive|off)(ed)? my ?self\b(?!-| off)|\bkms\b",
    r"\bself[- ]?harm|\bsuicid(e|al|es)?\b(?! (hotline|helpline|line|prevention|call|counsel|watch|risk|squeeze))",
    r"\b(want(ed)? to|wanna) die\b|\bi\b[^.!?]{0,20}\b(rather|ready to|wish i could|feel like|think(ing)? (about|of)) (die|dying)\b(?!-)",
    r"\bwish (i|that i) (was|were|had) (dead|never (been )?born|not (been )?born)\b|\bbetter off (dead|without me)\b",
    (
        r"\b(do ?n['’]?t|do not|did ?n['’]?t|no longer|never|not) (really )?(want|wanna|wish) (to )?"
        r"(live|be alive|exist|wake up|go on living|be here any ?more|be around any ?more)\b"
    ),
    (
        r"\b(end|ending|take|taking) (my (own )?life|it all)\b|\bend(ing)? it\b(?= (tonight|today|soon|now|for good)\b)"
        r"|\b(want|going) to end it\b(?! (with|by|after|when))"
    ),
    r"\b(no|any|see no|see any) (reason|point|sense) (to|in|of|for) (live|living|go on|going on|be alive|being alive|staying alive)\b",
    r"\blife (is not|is ?n['’]?t|no longer seems|does ?n['’]?t feel) worth\b|\bnothing (left )?to live for\b|\b(tired|sick) of (living|life|being alive)\b",
    (
        r"\bi(['’]?m|['’]?ve been| am| feel| have been| was)( \w+){0,2} "
        r"(hopeless(?! (at|with|in|about (this|the|that|these|those|our|my)))|suicidal|worthless)\b"
    ),
    (
        r"(?<!we )(?<!they )(?<!you )(?<!users )(?<!teams )(?<!people )(?<!customers )(?<!staff )"
        r"\b(can ?not|can['’]?t|can not) (do this|go on|carry on|keep going|cope|live|take (it|this)|bear (it|this)|stand (it|this))"
        r" ?(living )?(like this|any ?more|any ?longer)\b"
    ),
    r"\bcan(not|['’]?t) go on living\b|\bgiv(e|ing) up on (life|living)\b|\bno way out for me\b",
    rf"\b{_PEOPLE} (?:(?:is|are|was|were|has|have|had|keeps?|kept|just|has been|started|tried to|wants to) ){{0,2}}(?:\w+ )?{_HURT} me\b(?! (with|up)\b)",
    (
        r"\bi(['’]?m| am| was| have been|['’]?ve been| got| get| keep)( \w+){0,2} "
        r"(hit|beaten|punched|assaulted|raped|molested|groped|abused|harassed|threatened|bullied|stalked) (by|at|every|again)\b"
    ),
    r"\bi (do ?n['’]?t|do not|no longer) feel safe\b|\bi(['’]?m| am) not safe\b|\b(afraid|scared) (for|of losing) my life\b",
)
_GERMAN = (
    r"\b(will|möchte|mag|wollte)( \w+){0,4} (nicht mehr (leben|da sein|weiterleben|aufwachen)|sterben|tot sein)\b",
    r"\b(mich|mir) (\w+ )?(umbringen|umzubringen|töten|das leben (zu )?nehmen|etwas antun)\b|\bbringe? mich um\b",
    r"\bselbstmord|\bsuizid|\bmein(em)? leben (ein ende|zu beenden|beenden)",
    r"\bich kann( \w+)? nicht mehr( weiter)?\s*($|[.!,;]|und\b|weil\b)",
    r"\b(schlägt|schlug|bedroht|belästigt|mobbt|misshandelt|verprügelt) mich\b|\bmich (\w+ )?(geschlagen|bedroht|belästigt|misshandelt|verprügelt)\b",
)
_FRENCH = (
    r"\b(veux|voudrais|préfère|envie de)( \w+)? (mourir|en finir|plus vivre|disparaître)\b|\bveux pas vivre\b",
    r"\b(me|m['’]) ?(suicider|tuer)\b|\bsuicid(aire|er)\b|\bfin à (mes jours|ma vie)\b|\b(n['’]en|j['’]en) peux plus\b",
    r"\b(me (frappe|harcèle|menace|bat)|m['’]a (frappée?|battue?|menacée?|harcelée?|violée?))\b",
)
_SPANISH = (
    r"\b(quiero|quisiera|deseo|ganas de)( \w+)? ?morir(me)?\b|\bno quiero (seguir )?(vivir|viviendo|existir)\b|\bmatarme\b|\bsuicid(io|arme|a)\b",
    r"\bquitarme la vida\b|\bacabar con (mi vida|todo)\b|\bno puedo más\b(?! (que|de)\b)",
    r"\bme (pega|pegó|golpea|golpeó|acosa|amenaza|maltrata|violó)\b",
)
_ITALIAN = (
    r"\bvoglio( solo)? morire\b|\bnon voglio( più)? vivere\b|\b(uccidermi|ammazzarmi|suicidarmi)\b|\bsuicidio\b|\bfarla finita\b",
    r"\btogliermi la vita\b|\bnon ce la faccio più\b|\bmi (picchia|minaccia|molesta|maltratta|ha (picchiat[oa]|minacciat[oa]))\b",
)
_PORTUGUESE = (
    r"\bquero morrer\b|\bnão quero (mais )?viver\b|\bme matar\b|\bsuicídio\b|\btirar (a )?minha vida\b|\bacabar com (a minha vida|tudo)\b",
    r"\bnão aguento mais\b|\bme (bateu|bate|ameaça|ameaçou|assedia|agrediu)\b",
)
_DUTCH = (
    r"\bwil (\w+ )?(niet meer leven|dood(gaan)?|sterven)\b|\bzelfmoord\b|\b(mezelf|mij zelf) (doden|van kant|iets aandoen)\b",
    r"\beinde aan mijn leven\b|\bik kan niet meer\s*($|[.!,;]|verder\b)|\b(slaat|bedreigt|pest|mishandelt) (me|mij)\b|\b(me|mij) (geslagen|bedreigd|mishandeld)\b",
)
_OTHER_SCRIPTS = (
    r"死にたい|自殺|消えたい|我想死|想死|不想活|自杀|죽고 ?싶|자살|хочу умереть|не хочу (больше )?жить|покончить с собой|أريد أن أموت|मरना चाहत",
)
_SIGNS = tuple(
    re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    for language in (_ENGLISH, _GERMAN, _FRENCH, _SPANISH, _ITALIAN, _PORTUGUESE, _DUTCH, _OTHER_SCRIPTS)
    for pattern in language
)


def is_distress(text: str) -> bool:
    """Tell whether somebody may be in distress or in danger.

    >>> is_distress("I don't want to live anymore"), is_distress("this meeting kills me")
    (True, False)
    """
    read = unicodedata.normalize("NFC", text)
    return any(sign.search(read) for sign in _SIGNS)
