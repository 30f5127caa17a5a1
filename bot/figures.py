"""Course figures in Slack: uploaded once per workspace, without a channel, and found again by content."""

import hashlib
import logging
from dataclasses import replace

from slack_sdk.errors import SlackApiError

from bot.deps import Deps
from bot.screens import LessonScreen, Screen
from course.model import Card

logger = logging.getLogger(__name__)


def with_figure(deps: Deps, team_id: str, screen: Screen) -> Screen:
    """Return the screen with its card's figure in this workspace; other screens as they are.

    Where Slack does not take the figure the screen comes without it, and its card says it in words: nobody is
    kept from going on by a picture.
    """
    if not isinstance(screen, LessonScreen) or screen.card.figure is None:
        return screen
    content = deps.read_figure(screen.card.figure.file)
    if content is None:
        return screen
    fingerprint = hashlib.sha256(content).hexdigest()
    with deps.database.begin() as tx:
        file_id = tx.workspaces.file_id(team_id, fingerprint)
    if file_id is None:
        try:
            file_id = _upload(deps, team_id, screen.card, content)
        except (SlackApiError, OSError) as error:
            logger.warning("the figure of card %s is said in words: %s", screen.card.id, error)
            return screen
        with deps.database.begin() as tx:
            tx.workspaces.remember_file(team_id, fingerprint, file_id, deps.now())
    return replace(screen, figure_file_id=file_id)


def _upload(deps: Deps, team_id: str, card: Card, content: bytes) -> str:
    assert card.figure
    messenger = deps.messenger_for(team_id)
    name = card.figure.file.rsplit("/", 1)[-1]
    file_id, upload_url = messenger.start_upload(name, len(content), card.figure.alt_text)
    messenger.send_bytes(upload_url, content)
    messenger.finish_upload(file_id, card.title)
    return file_id
