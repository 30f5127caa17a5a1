"""One unit of work: everything in it is stored together, or nothing is."""

import sqlalchemy as sa
from dbos import DBOSClient

from storage.appeals import Appeals
from storage.attempts import Attempts
from storage.audit import Audit
from storage.boards import Boards
from storage.certificates import Certificates
from storage.clip_queue import ClipQueue
from storage.clips import Clips
from storage.cohorts import Cohorts
from storage.consent import Consent
from storage.contents import Contents
from storage.departure import Departure
from storage.directory import KnownPeople
from storage.enrolments import Enrolments
from storage.inbox import Inbox
from storage.job_client import Jobs
from storage.labs import Labs
from storage.learners import Learners
from storage.overview import Overview
from storage.personal_data import PersonalData
from storage.posts import Posts
from storage.progress import Progress
from storage.references import References
from storage.reminders import Reminders
from storage.reviews import Reviews
from storage.roles import Roles
from storage.rosters import Rosters
from storage.workspaces import Workspaces


class Transaction:
    """The aggregates, all on one connection. Made by `Database.begin`."""

    def __init__(self, connection: sa.Connection, client: DBOSClient) -> None:
        self.workspaces = Workspaces(connection)
        self.learners = Learners(connection)
        self.progress = Progress(connection)
        self.attempts = Attempts(connection)
        self.reviews = Reviews(connection)
        self.certificates = Certificates(connection)
        self.contents = Contents(connection)
        self.labs = Labs(connection)
        self.clips = Clips(connection)
        self.references = References(connection)
        self.consent = Consent(connection)
        self.posts = Posts(connection)
        self.inbox = Inbox(connection)
        self.audit = Audit(connection)
        self.roles = Roles(connection)
        self.people = KnownPeople(connection)
        self.cohorts = Cohorts(connection)
        self.enrolments = Enrolments(connection)
        self.rosters = Rosters(connection)
        self.boards = Boards(connection)
        self.overview = Overview(connection)
        self.reminders = Reminders(connection)
        self.appeals = Appeals(connection)
        self.personal_data = PersonalData(connection)
        self.departure = Departure(connection)
        self.jobs = Jobs(connection, client)
        self.clip_queue = ClipQueue(connection, self.jobs)
