"""What became of a list of people, told to the manager who sent it."""

from bot.messenger import Message
from bot.use_cases.enrol_people import EnrolReport
from bot.views import blocks as b
from bot.views.text import count, escape

_MOST_FAULTS = 20


def build_report_message(report: EnrolReport) -> Message:
    """Return what became of a list; a long list of faults comes as a file after it."""
    name = escape(report.cohort.name)
    if report.refusal:
        text = f"Nobody was enrolled in {name}. {escape(report.refusal)}"
        return Message(text=text, blocks=[b.section(f":warning: {text}")])
    faults = [f"• {escape(str(one))}" for one in report.faults[:_MOST_FAULTS]]
    if len(report.faults) > _MOST_FAULTS:
        faults.append(f"… and {len(report.faults) - _MOST_FAULTS} more, all in the file below.")
    if report.kind not in {"channel", "group"} and report.faults:
        head = (
            f"Nobody was enrolled in {name}: {len(report.faults)} of {count(report.num_lines, 'entry').replace('entrys', 'entries')} "
            "cannot be taken. Mend them and press *Add people* again."
        )
        return Message(
            text=head.replace("*", "") + "\n" + "\n".join(faults),
            blocks=[b.section(f":warning: {head}"), *b.sections("\n".join(faults))],
        )
    text = f"{count(report.num_new, 'learner')} enrolled in {name}."
    if report.num_there:
        text += f" {report.num_there} were in it already."
    for other, number in report.overlaps[:10]:
        text += f" {number} are also in {escape(other)}; each gets one reminder a day at most."
    parts = [b.section(f":white_check_mark: {text}")]
    if faults:
        head = f"Left out of the {'user group' if report.kind == 'group' else report.kind}:\n"
        parts += b.sections(head + "\n".join(faults).replace("line ", "member "))
    return Message(text="\n".join([text, *faults]), blocks=parts)


def faults_file(report: EnrolReport) -> str | None:
    """Return all faults as a text, where a message does not hold them."""
    if len(report.faults) <= _MOST_FAULTS:
        return None
    return "\n".join(str(one) for one in report.faults) + "\n"
