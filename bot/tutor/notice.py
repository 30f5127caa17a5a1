"""What a learner reads before the first message of a lab: who reads it, what is sent, how long it is kept."""

from typing import Literal


def notice(
    kind: Literal["anthropic", "scripted"], *, persona: str, retention_days: int, model: str | None = None
) -> str:
    """Return the notice as plain Markdown.

    Args:
        kind: Who plays the persona.
        persona: The persona's name.
        retention_days: How long the lab's messages are kept.
        model: The model's name, where a model plays.
    """
    who = _MODEL.format(persona=persona, model=f" ({model})" if model else "")
    reader = who if kind == "anthropic" else _SCRIPT.format(persona=persona)
    days = f"{retention_days} day{'' if retention_days == 1 else 's'}"
    return (
        f"{reader}\n\nYour messages in this lab are private to you: managers see only whether the lab is complete. "
        f"We keep them for {days}, then delete them; you can export or delete them sooner. "
        "Please write no personal details about yourself or anybody else."
    )


_MODEL = (
    "**Who reads this:** {persona} is not a person but an AI model of Anthropic{model}. What you write in this lab, "
    "the replies so far and the lesson's facts are sent to Anthropic to be answered; your name, your recordings and "
    "their transcripts are not. It can be wrong, and it gives no legal advice. "
    "If you prefer, use the offline guide: then nothing is sent."
)
_SCRIPT = (
    "**Who reads this:** {persona} is not a person but our scripted guide, a program that answers from the lesson's "
    "own facts. No language model reads what you write, and nothing is sent to another company. "
    "It gives no legal advice."
)
