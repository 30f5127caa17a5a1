"""Course figures in Slack: uploaded once per workspace, without a channel, and found again by content."""

import hashlib
from dataclasses import replace

from bot.deps import Deps
from bot.screens import LessonScreen, Screen


def with_figure(deps: Deps, team_id: str, screen: Screen) -> Screen:
    """Return the screen with its card's figure in this workspace; other screens as they are."""
    if not isinstance(screen, LessonScreen) or screen.card.figure is None:
        return screen
    content = deps.read_figure(screen.card.figure.file)
    if content is None:
        return screen
    fingerprint = hashlib.sha256(content).hexdigest()
    with deps.database.begin() as tx:
        file_id = tx.workspaces.file_id(team_id, fingerprint)
    if file_id is None:
        messenger = deps.messenger_for(team_id)
        name = screen.card.figure.file.rsplit("/", 1)[-1]
        file_id, upload_url = messenger.start_upload(name, len(content), screen.card.figure.alt_text)
        messenger.send_bytes(upload_url, content)
        messenger.finish_upload(file_id, screen.card.title)
        with deps.database.begin() as tx:
            tx.workspaces.remember_file(team_id, fingerprint, file_id, deps.now())
    return replace(screen, figure_file_id=file_id)
