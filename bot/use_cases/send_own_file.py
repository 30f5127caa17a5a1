"""A file of a person's own data, in their direct messages."""

from bot.deps import Deps
from bot.people import Person
from bot.show import dm_channel


def send_own_file(deps: Deps, person: Person, key: str, name: str, text: str) -> None:
    """Send the file once; one that a process died over is taken back and sent anew."""
    channel_id, messenger = dm_channel(deps, person), deps.messenger_for(person.team_id)
    with deps.database.begin() as tx:
        post, _ = tx.posts.claim(person.team_id, key, channel_id, None, deps.now())
    if post.ts:  # the file's id: a process died between sending it and the end of this step
        file = messenger.file(post.ts)
        if file and channel_id in file.channel_ids:
            return
        messenger.delete_file(post.ts)
    content = text.encode()
    file_id, upload_url = messenger.start_upload(name, len(content))
    with deps.database.begin() as tx:
        tx.posts.sent(person.team_id, key, file_id)
    messenger.send_bytes(upload_url, content)
    messenger.finish_upload(file_id, name, channel_id=channel_id)
