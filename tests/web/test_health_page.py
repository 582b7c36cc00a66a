"""The health page: for people and for machines."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client, override_settings

from shufang.circulation.models import Event
from shufang.jobs.models import JobRun
from shufang.kernel import clock
from shufang.notices.models import Notice

pytestmark = pytest.mark.django_db


def parts(client: Client) -> dict[str, dict[str, object]]:
    told = json.loads(client.get("/health/?format=json").content)
    found: dict[str, dict[str, object]] = told["parts"]
    return found


def test_everything_new_is_well(client: Client, tmp_path: Path) -> None:
    with override_settings(SHUFANG_DATA=tmp_path):
        answer = client.get("/health/", headers={"Accept": "application/json"})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert json.loads(answer.content)["parts"]["sip2"]["state"] == "off"
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_clock_behind_the_newest_event_is_down(client: Client) -> None:
    Event.objects.create(at=clock.now() + timedelta(hours=1), verb="checkout")
    answer = client.get("/health/", headers={"Accept-Language": "en"})
    assert answer.status_code == 503
    assert "Something is not working" in answer.content.decode()
    assert parts(client)["clock"]["state"] == "down"


def test_notices_that_cannot_be_sent_want_to_be_looked_at(client: Client) -> None:
    now = clock.now()
    Notice.objects.create(
        template="due_soon", subject="loan", subject_id=1, occasion="x", created_at=now, next_try_at=now, tries=2
    )
    outbox = parts(client)["outbox"]
    assert outbox["state"] == "look"
    assert outbox["retried"] == 1


@pytest.mark.parametrize(("is_running", "age", "state"), [(True, 1, "well"), (False, 1, "down"), (True, 600, "down")])
def test_the_sip2_server_is_as_it_says_unless_it_is_silent(
    client: Client, tmp_path: Path, *, is_running: bool, age: int, state: str
) -> None:
    told = {
        "is_running": is_running,
        "at": (clock.now() - timedelta(seconds=age)).isoformat(),
        "connections": 3,
        "sessions": 2,
        "listening": ["127.0.0.1:6001"],
        "messages": {"11": {"count": 5, "p50_ms": 1.5, "p99_ms": 4.0}},
    }
    (tmp_path / "sip2_status.json").write_text(json.dumps(told))
    with override_settings(SHUFANG_DATA=tmp_path):
        sip2 = parts(client)["sip2"]
    assert sip2["state"] == state
    assert sip2["sessions"] == 2
    assert sip2["message 11, p99 ms"] == 4.0


def test_a_job_that_failed_and_one_that_is_late_are_named(client: Client) -> None:
    now = clock.now()
    JobRun.objects.create(name="expire_holds", started_at=now, finished_at=now)
    assert parts(client)["jobs"]["state"] == "well"
    JobRun.objects.filter(name="expire_holds").update(started_at=now - timedelta(hours=5))
    assert "expire_holds" in str(parts(client)["jobs"]["sentence"])
    JobRun.objects.filter(name="expire_holds").update(error="OperationalError")
    late = parts(client)["jobs"]
    assert late["state"] == "look"
    assert "expire_holds" in str(late["sentence"])
