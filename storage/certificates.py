"""Certificates: who passed what, when; each with an id that others can ask about."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from storage.schema_review import certificate
from storage.statements import change, insert_if_new


@dataclass(frozen=True)
class Certificate:
    """One learner's pass; the first one of a module stands."""

    team_id: str
    certificate_id: str
    user_id: str
    module_id: str
    module_title: str
    attempt_id: str
    #: The learner's name as it was in Slack.
    name: str
    num_correct: int
    num_questions: int
    passed_at: datetime
    #: The picture in Slack; it is there to be seen once `is_sent`.
    file_id: str | None = None
    is_sent: bool = False
    #: The learner's own date of passing; None for certificates from before it was kept.
    passed_on: date | None = None

    @property
    def day(self) -> date:
        """The date that the certificate shows."""
        return self.passed_on or self.passed_at.date()


class Certificates:
    """Reads and writes `certificate`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def issue(self, issued: Certificate) -> Certificate:
        """Store a certificate, or hand back the one that the learner has."""
        insert_if_new(self._connection, certificate, {name: getattr(issued, name) for name in _COLUMNS})
        found = self.of_user(issued.team_id, issued.user_id, issued.module_id)
        assert found is not None
        return found

    def get(self, team_id: str, certificate_id: str) -> Certificate | None:
        """The certificate with that id, or None."""
        return self._read(certificate.c.team_id == team_id, certificate.c.certificate_id == certificate_id)

    def of_user(self, team_id: str, user_id: str, module_id: str) -> Certificate | None:
        """The learner's certificate of a module, or None."""
        return self._read(
            certificate.c.team_id == team_id,
            certificate.c.user_id == user_id,
            certificate.c.module_id == module_id,
        )

    def set_file(self, team_id: str, certificate_id: str, file_id: str, *, is_sent: bool) -> None:
        """Note the picture's id, and whether its bytes have arrived."""
        change(
            self._connection,
            sa.update(certificate)
            .where(certificate.c.team_id == team_id, certificate.c.certificate_id == certificate_id)
            .values(file_id=file_id, is_sent=is_sent),
        )

    def delete(self, team_id: str, user_id: str) -> None:
        """Forget the certificates of one person."""
        change(
            self._connection,
            sa.delete(certificate).where(certificate.c.team_id == team_id, certificate.c.user_id == user_id),
        )

    def _read(self, *conditions: sa.ColumnElement[bool]) -> Certificate | None:
        row = self._connection.execute(sa.select(certificate).where(*conditions)).first()
        return Certificate(**row._asdict()) if row else None


_COLUMNS = tuple(certificate.columns.keys())
