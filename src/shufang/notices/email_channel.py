"""E-mail by the configured server. Each notice has a Message-ID of its own for good, so that mail systems know it again."""

from contextlib import suppress
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException, SMTPServerDisconnected

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import gettext

from shufang.notices.errors import ChannelDownError, InDoubtError, RefusedError, RefusedForNowError
from shufang.notices.message import Message
from shufang.patrons.models import Patron

CONSOLE = "django.core.mail.backends.console.EmailBackend"


class EmailChannel:
    """One session with the mail server, kept open for all messages of a run."""

    def __init__(self) -> None:
        self._session: BaseEmailBackend | None = None

    def label(self) -> str:
        """Return e-mail, in the page's language."""
        return gettext("E-mail")

    def contact_of(self, patron: Patron) -> str:
        """Return his e-mail address."""
        return patron.email

    def is_set_up(self) -> bool:
        """Say whether mail goes anywhere: the console would put a reader beside his book into a log."""
        return settings.EMAIL_BACKEND != CONSOLE

    def open(self) -> None:
        """Connect and log in. ChannelDownError when the server is dead, too slow, or refuses us."""
        session: BaseEmailBackend = get_connection(fail_silently=False)
        try:
            session.open()
        except (SMTPException, OSError) as error:
            raise ChannelDownError(type(error).__name__) from error
        self._session = session

    def send(self, message: Message, notice_id: int) -> None:
        """Hand one message over."""
        mail = EmailMessage(
            subject=" ".join(message.subject.split()),
            body=message.body,
            to=[message.to],
            headers={
                "Message-ID": f"<notice-{notice_id}@{_domain()}>",
                "Auto-Submitted": "auto-generated",
                "Content-Language": message.language,
            },
            connection=self._session,
        )
        try:
            mail.send(fail_silently=False)
        except SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise (RefusedForNowError if all(400 <= code < 500 for code in codes) else RefusedError)(
                f"SMTP {min(codes, default=0)}"
            ) from error
        except SMTPServerDisconnected as error:
            raise InDoubtError(type(error).__name__) from error
        except SMTPResponseException as error:
            kind = RefusedError if error.smtp_code >= 500 else RefusedForNowError
            raise kind(f"SMTP {error.smtp_code}") from error
        except SMTPException as error:
            raise RefusedForNowError(type(error).__name__) from error
        except OSError as error:
            raise InDoubtError(type(error).__name__) from error
        except ValueError as error:
            raise RefusedError(type(error).__name__) from error

    def close(self) -> None:
        """Hang up."""
        if self._session is not None:
            with suppress(SMTPException, OSError):  # the server may have hung up first
                self._session.close()
            self._session = None


def _domain() -> str:
    _, _, domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")
    return domain.strip("<> ") or "localhost"
