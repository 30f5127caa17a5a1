"""Who is there: pages of people and members, user groups, and what the app hears when somebody changes."""


def hire(people, number, channel=None):
    crowd = [{"id": f"U1{n:04}", "name": f"person{n}"} for n in range(number)]
    people.do("hire", people=crowd, channel=channel)


def pages(api, method, name, **args):
    """What all pages of a method hold together, and how many there were."""
    found, cursor, number = [], "", 0
    while True:
        answer = api(method, cursor=cursor, **args)
        assert answer["ok"], answer
        found += answer[name]
        number += 1
        cursor = answer["response_metadata"]["next_cursor"]
        if not cursor:
            return found, number


def test_people_and_members_come_in_pages(api, people):
    hire(people, 450, "C0GENERAL")
    everybody, number = pages(api, "users.list", "members", limit=200)
    assert number == 3
    assert len({one["id"] for one in everybody}) == 450 + 6
    members, number = pages(api, "conversations.members", "members", channel="C0GENERAL", limit=200)
    assert number == 3
    assert len(set(members)) == 450 + 5
    assert api("users.list", cursor="nonsense")["error"] == "invalid_cursor"


def test_user_groups(api):
    groups = {one["handle"]: one["id"] for one in api("usergroups.list")["usergroups"]}
    assert groups == {"desk": "S0DESK", "field": "S0FIELD"}
    assert api("usergroups.users.list", usergroup=groups["desk"])["users"] == ["U0ADA", "U0DEV"]
    assert api("usergroups.users.list", usergroup="S0NONE")["error"] == "no_such_subteam"
    with_users = api("usergroups.list", include_users=True)["usergroups"]
    assert with_users[0]["users"] == ["U0ADA", "U0DEV"]


def test_app_hears_who_leaves_and_who_changes(people, open_socket):
    socket = open_socket()
    people.do("leave", user="U0DEV", channel="C0GENERAL")
    left = socket.take("member_left_channel")["payload"]["event"]
    assert (left["user"], left["channel"]) == ("U0DEV", "C0GENERAL")
    people.do("profile", user="U0BEN", tz="Asia/Tokyo", real_name="Ben Osei-Moto")
    changed = socket.take("user_change")["payload"]["event"]["user"]
    assert (changed["tz"], changed["profile"]["real_name"]) == ("Asia/Tokyo", "Ben Osei-Moto")


def test_leaving_a_channel_without_the_app_is_not_heard_of(people, open_socket):
    socket = open_socket()
    people.do("leave", user="U0BEN", channel="C0PRIVATE")
    people.do("leave", user="U0DEV", channel="C0GENERAL")
    assert socket.take("member_left_channel")["payload"]["event"]["channel"] == "C0GENERAL"
