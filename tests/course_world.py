"""How stories of the course begin further on: what is done is stored, as other stories show how it comes about."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from course.loader import default_folder, load_module
from course.model import Question
from storage.database import Database
from storage.reviews import ReviewCard, ReviewPlan
from tests.world import World

MODULE = load_module(default_folder())
TEAM = "T0LOCAL"


def skip_to(world: World, user: str, step_id: str) -> None:
    """Store that everything before a stop is done."""
    stops = [f"{kind}-{lesson.number}" for lesson in MODULE.lessons for kind in ("lesson", "quiz", "lab")]
    database = Database(world.database_url)
    with database.begin() as tx:
        tx.learners.see(TEAM, user, datetime.now(UTC))
        for stop in [*stops, "test"][: [*stops, "test"].index(step_id)]:
            tx.progress.complete(TEAM, user, MODULE.id, stop, datetime.now(UTC))
    database.close()


def ask_for_review(world: World, user: str, job_id: str) -> None:
    """Have the handful sent, as the clock does."""
    database = Database(world.database_url)
    with database.begin() as tx:
        tx.jobs.enqueue("send_review", "replies", job_id, TEAM, user, user_key=f"{TEAM}:{user}")
    database.close()


def miss_questions(world: World, user: str, questions: Sequence[Question]) -> None:
    """Store that these were missed some days ago, and that review is wanted at this hour of the person's day."""
    now = datetime.now(UTC)
    zone = next(person["tz"] for person in world.people.state()["users"] if person["id"] == user)
    hour = now.astimezone(ZoneInfo(zone)).hour
    database = Database(world.database_url)
    with database.begin() as tx:
        tx.learners.see(TEAM, user, now)
        tx.reviews.set_plan(ReviewPlan(TEAM, user, True, hour, True, "UTC", now))
        for question in questions:
            at = now - timedelta(days=4)
            card = ReviewCard(question.id, 0.2, 6.4, at, at + timedelta(days=1))
            tx.reviews.put(TEAM, user, MODULE.id, card)
    database.close()
