"""The Web API: one module per family of methods."""

from local_slack.web_api import (
    assistant,
    chat,
    conversations,
    directory,
    files,
    reactions,
    session,
    streams,
    views,
)
from local_slack.web_api.call import Method

METHODS: dict[str, Method] = {
    **session.METHODS,
    **chat.METHODS,
    **streams.METHODS,
    **assistant.METHODS,
    **conversations.METHODS,
    **views.METHODS,
    **directory.METHODS,
    **files.METHODS,
    **reactions.METHODS,
}
