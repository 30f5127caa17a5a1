"""All that is held about a person as one file in their direct messages."""

import json
from typing import Any

from bot.deps import Deps
from bot.people import Person
from bot.use_cases.course_state import module_as_of
from bot.use_cases.send_own_file import send_own_file
from bot.use_cases.take_test import TEST_STEP_ID
from course.model import Module
from storage.consent import ConsentRecord
from storage.transaction import Transaction

Row = dict[str, Any]
_KEPT_BACK = "Which answers of the module test were right, and the review cards made of them, until you have passed it."
#: Records that are exported with the clip that they belong to.
_OF_A_CLIP = frozenset({"clip_document", "clip_picture", "clip_reference"})


def ask_to_export_data(deps: Deps, person: Person) -> None:
    """Enqueue the export, and note that it was asked for."""
    owner = f"{person.team_id}:{person.user_id}"
    with deps.database.begin() as tx:
        tx.audit.append(
            person.team_id, person.user_id, "clips_exported", f"user:{person.user_id}", {}, deps.now()
        )
        tx.jobs.enqueue(
            "export_clips",
            "replies",
            f"export_clips:{person.team_id}:{deps.new_id()}",
            person.team_id,
            person.user_id,
            user_key=owner,
            partition_key=owner,
        )


def export_data(deps: Deps, team_id: str, user_id: str, job_id: str) -> None:
    """Send the file; safe to repeat."""
    person = Person(team_id, user_id)
    written = json.dumps(data_document(deps, person), ensure_ascii=False, indent=2)
    send_own_file(deps, person, f"{job_id}:json", "my-clips-and-consents.json", written)


def data_document(deps: Deps, person: Person) -> dict[str, Any]:
    """Return every answer to every notice, every clip that is kept with all that was made of it, and all other records."""
    with deps.database.read() as tx:
        held = tx.personal_data.of(person.team_id, person.user_id)
        consents = [_consent(record) for record in tx.consent.of_user(person.team_id, person.user_id)]
        rows: dict[str, list[Row]] = {}
        for kind, found in held:
            rows.setdefault(kind.table.name, []).extend(found)
        modules = _modules_of(deps, tx, rows)
        _put_in_words(modules, rows)
        kept_back = _keep_key_back(modules, rows)
    days = {"clips": deps.clip_retention_days, "labs": deps.lab_retention_days}
    return {
        "format": "whospoke.my-clips",
        "version": 1,
        "user": person.user_id,
        "made": deps.now().isoformat(),
        "kept_back": kept_back,
        "consents": consents,
        "clips": [_clip(clip, rows) for clip in rows["clip"] if clip["state"] != "deleted"],
        "records": [
            {
                "table": kind.table.name,
                "what": kind.what,
                "kept": kind.kept.format(**days),
                "rows": [row for row in found if row],
            }
            for kind, found in held
            if kind.table.name not in _OF_A_CLIP
        ],
    }


def _consent(record: ConsentRecord) -> dict[str, Any]:
    return {
        "at": record.at.isoformat(),
        "given": record.given,
        "purposes": record.purposes,
        "notice": record.notice_version,
        "clip": record.clip_id,
        "channel": record.channel_id,
    }


def _clip(clip: Row, rows: dict[str, list[Row]]) -> dict[str, Any]:
    def own(table: str) -> list[Row]:
        return [row for row in rows[table] if row["clip_id"] == clip["clip_id"]]

    return {
        "clip": clip["clip_id"],
        "file": clip["file_id"],
        "name": clip["name"],
        "state": clip["state"],
        "shared_at": clip["created_at"],
        "speakers": {"fewest": clip["min_speakers"], "most": clip["max_speakers"]},
        "corrections": [
            {
                "version": one["version"],
                "at": one["created_at"],
                "taken_back_at": one["taken_back_at"],
                "reference": one["document"],
            }
            for one in own("clip_reference")
        ],
        "pictures": {
            one["kind"]: {"alt_text": one["alt_text"], "png_base64": one["png"]}
            for one in own("clip_picture")
        },
        **{one["kind"]: one["document"] for one in own("clip_document") if one["document"]},
    }


def _modules_of(deps: Deps, tx: Transaction, rows: dict[str, list[Row]]) -> dict[str, Module]:
    """Return the course as it was when each attempt and each review began, by their ids."""
    versions = {row["attempt_id"]: row["content_version"] for row in rows["attempt"]}
    versions |= {row["round_id"]: row["content_version"] for row in rows["review_round"]}
    modules = {version: module_as_of(deps, tx, version) for version in set(versions.values())}
    return {paper_id: modules[version] for paper_id, version in versions.items()}


def _keep_key_back(modules: dict[str, Module], rows: dict[str, list[Row]]) -> str | None:
    """Leave out which answers of a test were right that is not passed yet; returns what was left out, in words."""
    passed = {row["module_id"] for row in rows["completed_step"] if row["step_id"] == TEST_STEP_ID}
    tests = {
        row["attempt_id"]: modules[row["attempt_id"]].test
        for row in rows["attempt"]
        if row["module_id"] not in passed
    }
    asked = {
        (paper_id, question.id) for paper_id, test in tests.items() if test for question in test.questions
    }
    answers = [row for row in rows["answer"] if (row["attempt_id"], row["question_id"]) in asked]
    for row in answers:
        del row["is_correct"]
    for row in rows["review_card"]:
        if row["question_id"] in {question_id for _, question_id in asked}:
            row.clear()
    return _KEPT_BACK if answers else None


def _put_in_words(modules: dict[str, Module], rows: dict[str, list[Row]]) -> None:
    """Add to each answer what was asked and what was chosen, as the course was then."""
    for row in (*rows["answer"], *rows["review_answer"]):
        module = modules[row.get("attempt_id") or row["round_id"]]
        question = module.question(row["question_id"])
        if question and row["option_index"] < len(question.options):
            row["question"] = question.stem
            row["chosen"] = question.options[row["option_index"]].text
