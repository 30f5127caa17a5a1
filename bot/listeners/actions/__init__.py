"""Buttons."""

import re
from functools import partial

from slack_bolt import App

from bot import ids
from bot.deps import Deps
from bot.listeners import appeals, cohorts, managers, nudges
from bot.listeners.actions import clips, course, labs, learning, people, quizzes, scores


def _starts(prefix: str) -> re.Pattern[str]:
    """Match an action_id that may carry a number, as ids must be unique within a message."""
    return re.compile(rf"^{re.escape(prefix)}(\..+)?$")


def register(app: App, deps: Deps) -> None:
    """Bind every action_id to its listener."""
    table = {
        ids.COURSE_CONTINUE: course.handle_continue,
        ids.TOGETHER_BEGIN: course.handle_begin_together,
        ids.TOGETHER_OFFER: course.handle_offer_together,
        ids.LESSON_TURN: course.handle_turn_card,
        ids.LESSON_FINISH: course.handle_finish_lesson,
        ids.LESSON_MORE: course.handle_more_cards,
        ids.QUIZ_START: quizzes.handle_start,
        ids.QUIZ_ANSWER_PREFIX.rstrip("."): quizzes.handle_answer,
        ids.QUIZ_NEXT: quizzes.handle_next,
        **learning.LISTENERS,
        **scores.LISTENERS,
        **managers.ACTIONS,
        **cohorts.ACTIONS,
        **nudges.ACTIONS,
        **appeals.ACTIONS,
        ids.LAB_OPEN: labs.handle_open,
        ids.LAB_OPENER_PREFIX.rstrip("."): labs.handle_opener,
        ids.LAB_USE_GUIDE: labs.handle_use_guide,
        ids.LAB_USE_MODEL: labs.handle_use_model,
        ids.LAB_DEBRIEF: labs.handle_debrief,
        ids.CLIP_AGREE: clips.handle_agree,
        ids.CLIP_DECLINE: clips.handle_decline,
        ids.CLIP_CANCEL: clips.handle_cancel,
        ids.CLIP_RETRY: clips.handle_retry,
        ids.CLIP_TRY_LABELS: clips.handle_try_labels,
        ids.CLIP_TRY_WORDS: clips.handle_try_words,
        ids.CLIP_AGAIN_OPEN: clips.handle_again_open,
        ids.CLIP_SEND_FILES: clips.handle_send_files,
        ids.CLIP_OBJECT: clips.handle_object,
        ids.CLIP_DELETE: clips.handle_delete,
        ids.PRIVACY_DELETE_CLIP: people.handle_delete_clip,
        ids.PRIVACY_EXPORT_CLIPS: people.handle_export_data,
        ids.CLIP_SHARE: clips.handle_share,
        ids.HOME_PRIVACY: people.handle_privacy,
        ids.PRIVACY_EXPORT: people.handle_export_labs,
        ids.PRIVACY_DELETE_ALL: people.handle_delete_all,
    }
    for action_id, listener in table.items():
        app.action(_starts(action_id))(partial(listener, deps=deps))
    for silent in (*clips.SILENT, *scores.SILENT):
        app.action(silent)(people.handle_silently)
    app.view(ids.CLIP_AGAIN)(partial(clips.handle_again, deps=deps))
    app.view(ids.CLIP_WORDS_AGAIN)(partial(clips.handle_words_again, deps=deps))
