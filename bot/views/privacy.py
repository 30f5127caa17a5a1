"""What we hold about a person, in words, with the buttons that let go of it."""

from bot import ids
from bot.messenger import Message
from bot.screens import Held, Receipt
from bot.views import blocks as b
from bot.views.text import count, escape, shorten

_NUM_SHOWN = 10


def build_privacy_message(held: Held) -> Message:
    """Return what is stored and for how long."""
    lines = [
        f"{count(len(held.clips), 'clip')} with turns, words and what you corrected, kept for {held.clip_retention_days} days. The sound is never stored with us.",
        f"{count(held.num_lab_messages, 'lab message')}, kept for {held.lab_retention_days} days. Managers see that a lab is done, never what was said.",
        f"Cases that you opened about labels, kept for {held.lab_retention_days} days after the answer; and messages to me until they are answered.",
        "Which stops you have done, your answers, when missed questions come back, your cohorts and settings, and the name on your certificate, until whoever runs this app deletes them.",
        f"{count(held.num_consents, 'entry').replace('entrys', 'entries')} in your consent log, kept for 3 years as proof of what you allowed and took back, beside a log of who did what, in ids and counts.",
    ]
    parts = [b.header("What whospoke holds about you"), b.section("\n".join(f"• {line}" for line in lines))]
    for number, clip in enumerate(held.clips[:_NUM_SHOWN]):
        deletion = b.confirm(
            "Delete this clip?", "Turns, words, picture and files from this clip go now.", "Delete"
        )
        row = b.button(
            "Delete",
            f"{ids.PRIVACY_DELETE_CLIP}.{number}",
            clip.clip_id,
            label=f"Delete {clip.name}",
            confirm=deletion,
        )
        parts.append({**b.section(escape(shorten(clip.name, 200))), "accessory": row.to_dict()})
    if len(held.clips) > _NUM_SHOWN:
        parts.append(b.context(f"… and {len(held.clips) - _NUM_SHOWN} more, shown as those above go."))
    everything = b.confirm(
        "Delete all of it?",
        "All your clips, lab conversations and cases go now. Running work is stopped.",
        "Delete all",
    )
    parts.append(
        b.actions(
            [
                b.button(
                    "Export all my data",
                    ids.PRIVACY_EXPORT_CLIPS,
                    label="Send me all that is held about me as a file",
                ),
                b.button("Export my lab conversations", ids.PRIVACY_EXPORT),
                b.button(
                    "Delete my clips and lab conversations",
                    ids.PRIVACY_DELETE_ALL,
                    style="danger",
                    confirm=everything,
                ),
            ]
        )
    )
    return Message(text="What whospoke holds about you: " + " ".join(lines), blocks=parts)


def build_receipt_message(receipt: Receipt) -> Message:
    """Return what was removed, and what only the person can remove."""
    gone = (
        f"Deleted: {count(receipt.num_clips, 'clip')} with turns, words, pictures and "
        f"{count(receipt.num_files_in_slack, 'file')} we had posted, and {count(receipt.num_lab_messages, 'lab message')}."
    )
    rest = (
        "Your cases and what waited for an answer went, too. "
        "Still here: which stops you have done, your cohorts and settings, the logs of your consents and of what was done, and of each "
        "clip Slack's ids alone, so that an objection to it holds. The recordings you uploaded are yours: "
        "delete them in Slack. For up to two days we also keep how many tokens of the AI model you used, without a word of "
        "what was said, so that nobody gets a second daily share. Backups of our database age out by themselves."
    )
    return Message(text=f"{gone} {rest}", blocks=[b.section(gone), b.section(rest)])
