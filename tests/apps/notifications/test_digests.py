"""The e-mail digest, into a real SMTP server on loopback."""

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from apps.accounts.models import User
from apps.annotation.models import Annotation
from apps.notifications.digests import digests_send
from apps.notifications.models import Digest
from apps.notifications.services import digest_set, notifications_read
from tests.e2e.site import free_port
from tests.people import Cast
from tests.work import decide, failed, make_task, ready, submitted

NOW = timezone.now()
HOUR = timedelta(hours=1)


class Sink:
    """Keeps what it is sent; refuses with `answer` while there is one."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.answer = ""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.answer:
            return self.answer
        self.received.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 OK"


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    handler = Sink()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_URL = "smtp://"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    settings.SITE_URL = "https://site.test"
    yield handler
    controller.stop()


@pytest.fixture
def sent_back(cast: Cast) -> Annotation:
    """ann's work, sent back; she wants to hear of it every hour."""
    annotation = submitted(ready(make_task(cast.project)), cast.ann, failed())
    decide(annotation, cast.rita, "send_back", "Which finger?")
    give_address(cast.ann)
    digest_set(user=cast.ann, every="hour")
    return annotation


def give_address(user: User, **preferences: str) -> None:
    user.email, user.preferences = f"{user.username}@lab.test", preferences
    user.save()


def test_it_says_what_is_unread_once(sink: Sink, sent_back: Annotation) -> None:
    assert digests_send(now=NOW) == (1, 0)
    assert digests_send(now=NOW + 2 * HOUR) == (0, 0)

    (mail,) = sink.received
    assert mail["To"] == "ann@lab.test"
    assert mail["Subject"] == "ViFailback: 1 thing for you"
    text = mail.get_content()
    assert "wipe_board episode 0 was sent back by rita." in text
    assert "Which finger?" in text
    assert f"https://site.test/annotate/{sent_back.pk}/" in text


def test_it_comes_no_oftener_than_was_chosen(sink: Sink, cast: Cast, sent_back: Annotation) -> None:
    digests_send(now=NOW)
    another = submitted(ready(sent_back.episode.task, "another"), cast.ann, failed())
    decide(another, cast.rita)

    assert digests_send(now=NOW + HOUR / 2) == (0, 0)
    assert digests_send(now=NOW + HOUR) == (1, 0)
    assert "was approved" in sink.received[-1].get_content()


def test_what_was_read_on_the_page_is_not_sent(sink: Sink, cast: Cast, sent_back: Annotation) -> None:
    notifications_read(user=cast.ann, up_to=2**31 - 1)

    assert digests_send(now=NOW) == (0, 0)


def test_it_is_in_the_persons_language(sink: Sink, cast: Cast, sent_back: Annotation) -> None:
    give_address(cast.ann, language="zh-hans")
    digests_send(now=NOW)

    assert "退回" in sink.received[0].get_content()


def test_a_server_that_refuses_loses_nothing(sink: Sink, sent_back: Annotation) -> None:
    sink.answer = "451 try again later"
    assert digests_send(now=NOW) == (0, 1)
    sink.answer = ""
    assert digests_send(now=NOW) == (1, 0)
    assert "Which finger?" in sink.received[0].get_content()


def test_a_server_that_is_away_is_said_by_the_command(
    sink: Sink, sent_back: Annotation, settings: Settings
) -> None:
    settings.EMAIL_PORT = free_port()
    with pytest.raises(CommandError, match="1 could not be sent"):
        call_command("send_digests")
    assert Digest.objects.get().sent is None


def test_without_a_mail_server_the_command_says_so(sent_back: Annotation, settings: Settings) -> None:
    settings.EMAIL_URL = ""
    with pytest.raises(CommandError, match="EMAIL_URL"):
        call_command("send_digests")


@pytest.mark.parametrize("away", ["never", "no address", "inactive"])
def test_who_wants_or_gets_none(sink: Sink, cast: Cast, sent_back: Annotation, away: str) -> None:
    if away == "never":
        digest_set(user=cast.ann, every="never")
    User.objects.filter(pk=cast.ann.pk).update(
        email="" if away == "no address" else "ann@lab.test", is_active=away != "inactive"
    )

    assert digests_send(now=NOW) == (0, 0)


def test_lines_in_words_do_not_become_headers(sink: Sink, cast: Cast, sent_back: Annotation) -> None:
    cast.ann.email = "ann@lab.test"
    give_address(cast.ann)
    sent_back.episode.task.name = "x"
    digests_send(now=NOW)

    assert sorted(sink.received[0].keys()).count("To") == 1
