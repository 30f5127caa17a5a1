"""Review is asked for, comes back by the day, and counts an answer once; a learner has one certificate."""

from datetime import UTC, datetime, timedelta

from storage.certificates import Certificate
from storage.reviews import ReviewAnswer, ReviewCard, ReviewPlan

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


def _plan(user_id: str = "U1", *, is_on: bool = True, hour: int = 9) -> ReviewPlan:
    return ReviewPlan("T1", user_id, is_on, hour, False, "Europe/London", NOW)


def _certificate(certificate_id: str, user_id: str = "U1") -> Certificate:
    return Certificate("T1", certificate_id, user_id, "m6", "Title", "a1", "Ada", 13, 15, NOW)


class TestPlan:
    def test_somebody_who_never_asked_has_none(self, database):
        with database.begin() as tx:
            assert tx.reviews.plan("T1", "U1") is None

    def test_last_word_stands(self, database):
        with database.begin() as tx:
            tx.reviews.set_plan(_plan())
            tx.reviews.set_plan(_plan(hour=17))
            assert tx.reviews.plan("T1", "U1") == _plan(hour=17)

    def test_only_those_who_want_it_are_listed(self, database):
        with database.begin() as tx:
            tx.reviews.set_plan(_plan("U1"))
            tx.reviews.set_plan(_plan("U2", is_on=False))
            assert [plan.user_id for plan in tx.reviews.plans_on()] == ["U1"]


class TestCards:
    def test_due_first_comes_first_and_a_new_state_replaces_the_old(self, database):
        first, second = ReviewCard("q1", 1.5, 5.0, NOW, LATER), ReviewCard("q2", 1.0, 5.0, NOW, NOW)
        with database.begin() as tx:
            for card in (first, second):
                tx.reviews.put("T1", "U1", "m6", card)
            assert tx.reviews.cards("T1", "U1", "m6") == [second, first]
            moved = ReviewCard("q2", 4.0, 5.5, LATER, LATER + timedelta(days=4))
            tx.reviews.put("T1", "U1", "m6", moved)
            assert tx.reviews.cards("T1", "U1", "m6") == [first, moved]


class TestRound:
    def test_day_has_one_handful(self, database):
        with database.begin() as tx:
            first = tx.reviews.open_round("T1", "r1", "U1", "m6", "2026-11-23", "v", 7, ["a", "b"], NOW)
            again = tx.reviews.open_round("T1", "r2", "U1", "m6", "2026-11-23", "v", 8, ["c"], NOW)
            assert first == again
            assert again.question_ids == ("a", "b")
            assert tx.reviews.round("T1", "r2") is None

    def test_first_answer_stays(self, database):
        with database.begin() as tx:
            tx.reviews.open_round("T1", "r1", "U1", "m6", "2026-11-23", "v", 7, ["a"], NOW)
            assert tx.reviews.answer("T1", "r1", "a", 2, False, NOW)
            assert not tx.reviews.answer("T1", "r1", "a", 0, True, NOW)
            found = tx.reviews.round("T1", "r1")
            assert found
            assert found.answers == {"a": ReviewAnswer(2, False)}

    def test_everything_of_a_person_goes(self, database):
        with database.begin() as tx:
            tx.reviews.set_plan(_plan())
            tx.reviews.put("T1", "U1", "m6", ReviewCard("q1", 1.5, 5.0, NOW, LATER))
            tx.reviews.open_round("T1", "r1", "U1", "m6", "2026-11-23", "v", 7, ["a"], NOW)
            tx.reviews.answer("T1", "r1", "a", 2, False, NOW)
            tx.reviews.delete("T1", "U1")
            assert tx.reviews.plan("T1", "U1") is None
            assert tx.reviews.cards("T1", "U1", "m6") == []
            assert tx.reviews.round("T1", "r1") is None


class TestCertificate:
    def test_first_one_stands(self, database):
        with database.begin() as tx:
            first = tx.certificates.issue(_certificate("AAAA"))
            assert tx.certificates.issue(_certificate("BBBB")) == first
            assert tx.certificates.get("T1", "BBBB") is None

    def test_picture_is_noted(self, database):
        with database.begin() as tx:
            tx.certificates.issue(_certificate("AAAA"))
            tx.certificates.set_file("T1", "AAAA", "F1", is_sent=False)
            tx.certificates.set_file("T1", "AAAA", "F1", is_sent=True)
            found = tx.certificates.get("T1", "AAAA")
            assert found
            assert (found.file_id, found.is_sent) == ("F1", True)
