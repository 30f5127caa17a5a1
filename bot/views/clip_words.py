"""What helps to write down the words: asked at the notice, and again where the words are written once more."""

from typing import Any, Final

from bot import ids
from bot.about_clip import MOST_TYPED_CHARS, WordsWish
from bot.views import blocks as b
from bot.views.modals import modal, option, select, select_input, text_input

#: The value of "find out by itself".
AUTO: Final = "auto"
#: Languages that meetings are commonly held in, by the code that the words engine takes.
LANGUAGES: Final = {
    "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan", "cs": "Czech", "da": "Danish",
    "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian", "fa": "Persian",
    "fi": "Finnish", "fr": "French", "gl": "Galician", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian",
    "hu": "Hungarian", "id": "Indonesian", "is": "Icelandic", "it": "Italian", "ja": "Japanese",
    "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "ms": "Malay", "nl": "Dutch", "no": "Norwegian",
    "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak",
    "sl": "Slovenian", "sr": "Serbian", "sv": "Swedish", "sw": "Swahili", "ta": "Tamil", "te": "Telugu",
    "th": "Thai", "tl": "Tagalog", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese",
    "zh": "Chinese",
}  # fmt: skip


def words_fields(wish: WordsWish) -> list[b.BlockJson]:
    """Return the two fields, with what was said before."""
    by_name = sorted(LANGUAGES.items(), key=lambda item: item[1])
    languages = [option("Find out by itself", AUTO), *(option(name, code) for code, name in by_name)]
    chosen = wish.language if wish.language in LANGUAGES else AUTO
    language = select(ids.CLIP_LANGUAGE, languages, chosen=chosen)
    return [
        text_input(
            ids.CLIP_HOT_WORDS,
            "Names and jargon",
            initial=", ".join(wish.hot_words)[:MOST_TYPED_CHARS],
            placeholder="Ada Quill, DER, x-vector",
            hint="Words that may be misheard, separated by commas. They are deleted with the clip.",
            max_length=MOST_TYPED_CHARS,
            is_optional=True,
        ),
        {**select_input(ids.CLIP_LANGUAGE, "Which language is spoken?", language), "optional": True},
    ]


_INTRO = (
    "The recording is fetched again under the same consent, and the words are written down anew. Labels, names "
    "and corrections are kept; the words that are there stay if this comes to nothing."
)


def build_words_view(clip_id: str, wish: WordsWish) -> dict[str, Any]:
    """Return the form in which the words are asked for once more."""
    return modal(
        "Write the words again",
        ids.CLIP_WORDS_AGAIN,
        {"clip": clip_id},
        [b.section(_INTRO), *words_fields(wish)],
        submit="Write them",
        close="Not now",
    )
