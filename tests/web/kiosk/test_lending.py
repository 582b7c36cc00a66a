"""What the kiosk's page asks the server: who stands there, borrowing, returning, renewing. The verbs decide."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from shufang.branches.models import Device, DeviceSession, OnceKey
from shufang.circulation.models import Event, Hold, Loan
from shufang.demo.cast import PIN
from shufang.kernel import clock
from shufang.patrons import phone_card, sessions
from shufang.patrons.models import Card, Patron

Ask = Callable[..., dict[str, object]]
GOOD, HAS_ONE, EXPIRED, LOST, OWES, FULL, READY = (f"D000000{n}" for n in (1, 2, 3, 4, 5, 6, 8))


def visit(ask: Ask, card: str = GOOD) -> object:
    return ask("visits", card=card, by="scan")["visit"]


def loans_of(card: str) -> set[str]:
    return set(Loan.objects.filter(patron__cards__number=card).values_list("item__barcode", flat=True))


def test_a_card_begins_a_visit_and_shows_four_digits_of_it(ask: Ask) -> None:
    answer = ask("visits", card="d0000001", by="scan")
    assert (answer["tail"], answer["left"], answer["notice"]) == ("0001", 15, None)
    told = str(answer).replace(str(answer["visit"]), "")
    assert GOOD not in told
    assert Patron.objects.get(cards__number=GOOD).name not in told


@pytest.mark.parametrize(
    ("card", "code"),
    [("D9999999", "card_unknown"), (EXPIRED, "card_expired"), (LOST, "card_lost"), ("", "card_unknown")],
)
def test_a_card_that_is_not_good_begins_none(ask: Ask, card: str, code: str) -> None:
    answer = ask("visits", card=card, by="scan")
    assert (answer["ok"], answer["refusal"]) == (False, code)
    assert "visit" not in answer
    assert set(answer["words"]) == {"zh-hans", "en"}  # type: ignore[call-overload]
    assert not DeviceSession.objects.exclude(visit_hash=b"").exists()


@pytest.mark.parametrize(("card", "code"), [(OWES, "35.00"), (FULL, "Return one")])
def test_who_may_not_borrow_may_still_look_and_renew(ask: Ask, card: str, code: str) -> None:
    answer = ask("visits", card=card, by="scan")
    assert answer["ok"]
    assert code in answer["notice"]["en"]  # type: ignore[index]


def test_a_book_is_no_card(ask: Ask) -> None:
    assert ask("visits", card="DX00000001", by="scan") == {"ok": False, "is_item": True}


def test_a_typed_number_needs_the_pin(ask: Ask) -> None:
    assert ask("visits", card=GOOD, by="number") == {"ok": False, "needs": "pin"}
    wrong = ask("visits", card=GOOD, by="number", pin="000001")
    assert (wrong["refusal"], wrong["needs"]) == ("pin_wrong", "pin")
    unknown = ask("visits", card="D7777777", by="number", pin="000001")
    assert unknown["words"] == wrong["words"]
    assert ask("visits", card=GOOD, by="number", pin=PIN)["ok"]


def test_guessing_a_pin_is_stopped_at_this_kiosk(ask: Ask) -> None:
    for _ in range(5):
        ask("visits", card=GOOD, by="number", pin="000001")
    assert ask("visits", card=GOOD, by="number", pin=PIN)["refusal"] == "pin_locked"


def test_a_kiosk_may_ask_every_card_for_its_pin(ask: Ask, device: Device) -> None:
    Device.objects.filter(pk=device.pk).update(needs_pin=True)
    assert ask("visits", card=GOOD, by="scan") == {"ok": False, "needs": "pin"}
    assert ask("visits", card=GOOD, by="scan", pin=PIN)["ok"]


def test_the_code_of_a_phone_is_as_good_as_the_card_and_good_once(ask: Ask, device: Device) -> None:
    Device.objects.filter(pk=device.pk).update(needs_pin=True)
    now = clock.now()
    sessions.start(Patron.objects.get(cards__number=GOOD), now)
    phone = phone_card.phone_card(Patron.objects.get(cards__number=GOOD).sessions.get().pk, GOOD, now)
    assert phone is not None
    code = phone_card.code_for(phone, now)
    assert ask("visits", card=code, by="scan")["tail"] == "0001"
    assert ask("visits", card=code, by="scan")["refusal"] == "phone_code_used"


def test_three_books_each_with_its_answer_and_one_refusal_stops_no_other(ask: Ask) -> None:
    token = visit(ask)
    answers = [ask("borrow", visit=token, barcode=barcode) for barcode in ("DX00000001", "DX00000203", "DX00000002")]
    assert [answer["ok"] for answer in answers] == [True, False, True]
    assert answers[1]["refusal"] == "item_not_for_loan"
    assert loans_of(GOOD) == {"DX00000001", "DX00000002"}
    assert all(str(answer["cover"]).startswith("<svg") and answer["title"] for answer in answers)
    assert str(answers[0]["due"]).count("-") == 2
    assert Event.objects.filter(verb="checkout", device__account="gmd-9").count() == 2


def test_a_double_click_lends_once(ask: Ask) -> None:
    token, key = visit(ask), str(uuid4())
    first = ask("borrow", visit=token, barcode="DX00000001", request=key)
    again = ask("borrow", visit=token, barcode="DX00000001", request=key)
    assert again == {**first, "repeated": True}
    assert Event.objects.filter(verb="checkout", item__barcode="DX00000001", device__account="gmd-9").count() == 1
    assert Loan.objects.get(item__barcode="DX00000001").renewals == 0


def test_a_repeat_long_after_is_still_no_second_loan(ask: Ask) -> None:
    token, key = visit(ask), str(uuid4())
    ask("borrow", visit=token, barcode="DX00000001", request=key)
    ask("return", barcode="DX00000001")
    OnceKey.objects.update(reply=b"")  # as the job does after ten minutes
    assert ask("borrow", visit=token, barcode="DX00000001", request=key) == {"ok": True, "repeated": True}
    assert loans_of(GOOD) == set()


def test_a_book_that_lies_there_is_not_renewed_by_lying_there(ask: Ask) -> None:
    answer = ask("borrow", visit=visit(ask, HAS_ONE), barcode="DX00000201")
    assert (answer["refusal"], answer["may_renew"]) == ("already_on_loan", True)
    assert Loan.objects.get(item__barcode="DX00000201", status="open").renewals == 0


def test_renewing_and_why_not(ask: Ask) -> None:
    token = visit(ask, HAS_ONE)
    renewed = ask("renew", visit=token, barcode="DX00000201")
    assert renewed["ok"]
    again = ask("renew", visit=token, barcode="DX00000201")
    assert again["refusal"] == "renewals_used_up"
    assert Loan.objects.get(item__barcode="DX00000201", status="open").renewals == 1


def test_a_double_click_renews_once(ask: Ask) -> None:
    token, key = visit(ask, HAS_ONE), str(uuid4())
    first = ask("renew", visit=token, barcode="DX00000201", request=key)
    assert ask("renew", visit=token, barcode="DX00000201", request=key) == {**first, "repeated": True}


def test_returning_needs_no_card_and_says_nothing_of_the_borrower(ask: Ask) -> None:
    answer = ask("return", barcode="DX00000201")
    assert answer["ok"]
    assert answer["words"]["zh-hans"] == "还好了"  # type: ignore[index]
    assert HAS_ONE not in str(answer)
    assert "0002" not in str({key: value for key, value in answer.items() if key not in {"barcode", "cover", "title"}})
    assert loans_of(HAS_ONE) == set()


def test_a_return_says_where_the_book_goes(ask: Ask) -> None:
    loan = Loan.objects.get(item__barcode="DX00000201", status="open")
    reader = Patron.objects.get(cards__number=GOOD)
    Hold.objects.create(
        patron=reader,
        title=loan.item.title,
        pickup_branch=loan.item.home_branch,
        placed_at=clock.now(),
        queued_at=clock.now(),
    )
    answer = ask("return", barcode="DX00000201")
    assert answer["look"] is True
    assert "hold shelf" in answer["words"]["en"]  # type: ignore[index]


def test_a_thing_that_is_no_book(ask: Ask) -> None:
    assert ask("return", barcode="NOTHING")["refusal"] == "item_unknown"
    assert ask("borrow", visit=visit(ask), barcode="NOTHING")["refusal"] == "item_unknown"


def test_the_account_at_a_glance(ask: Ask) -> None:
    seen = ask("glance", visit=visit(ask, HAS_ONE))
    assert [loan["barcode"] for loan in seen["loans"]] == ["DX00000201"]  # type: ignore[attr-defined]
    ready = ask("glance", visit=visit(ask, READY))
    assert [hold["here"] for hold in ready["holds"]] == [True]  # type: ignore[attr-defined]
    owing = ask("glance", visit=visit(ask, OWES))
    assert owing["owed"] == "35.00"
    for answer, card in ((seen, HAS_ONE), (ready, READY), (owing, OWES)):
        assert Patron.objects.get(cards__number=card).name not in str(answer)


@pytest.mark.parametrize("what", ["borrow", "renew", "glance", "visits/goes-on"])
@pytest.mark.parametrize("token", ["", "forged", "W10:1abc:xyz"])
def test_without_a_visit_nothing_personal_is_done(ask: Ask, what: str, token: str) -> None:
    assert ask(what, visit=token, barcode="DX00000201") == {"ok": False, "refusal": "visit_over"}


@pytest.mark.parametrize("what", ["borrow", "renew", "glance"])
def test_a_visit_that_has_ended_does_no_more(ask: Ask, what: str) -> None:
    first = visit(ask, HAS_ONE)
    second = visit(ask)
    assert ask(what, visit=first, barcode="DX00000201")["refusal"] == "visit_over"
    ask("visits/end", visit=first)  # a late timer of the first
    assert ask("visits/goes-on", visit=second)["ok"]
    ask("visits/end", visit=second)
    assert ask(what, visit=second, barcode="DX00000201")["refusal"] == "visit_over"


def test_a_visit_is_good_at_its_own_kiosk_alone(ask: Ask, client: Client, device: Device) -> None:
    token = visit(ask)
    client.post("/kiosk/sign-in/", {"account": "gmd-9", "password": "a machine's long password"})
    answer = client.post("/kiosk/glance/", {"visit": token}, content_type="application/json")
    assert answer.json()["refusal"] == "visit_over"


def test_a_card_that_is_reported_lost_in_the_midst_shows_nothing(ask: Ask) -> None:
    token = visit(ask, HAS_ONE)
    Card.objects.filter(number=HAS_ONE).update(status=Card.Status.LOST)
    assert ask("glance", visit=token)["refusal"] == "visit_over"
    assert ask("borrow", visit=token, barcode="DX00000001")["refusal"] == "card_lost"


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"x"', b"\xff", b"{}" + b" " * 64_001])
def test_what_is_no_question_is_refused(kiosk: Client, body: bytes) -> None:
    assert kiosk.post("/kiosk/borrow/", body, content_type="application/json").status_code in {200, 400}
    assert kiosk.get("/kiosk/borrow/").status_code == 405


def test_a_request_without_a_key_is_refused(kiosk: Client, ask: Ask) -> None:
    token = visit(ask)
    answer = kiosk.post("/kiosk/borrow/", {"visit": token, "barcode": "DX00000001"}, content_type="application/json")
    assert answer.status_code == 400
    assert loans_of(GOOD) == set()


def test_nothing_is_done_for_who_is_no_kiosk(client: Client, device: Device) -> None:
    for what in ("visits", "borrow", "return", "renew", "glance", "happened", "visits/end", "visits/goes-on"):
        assert client.post(f"/kiosk/{what}/", {}, content_type="application/json").status_code == 401
    for what in ("pulse/", "last-known/", "last-known/books/", "service-worker.js"):
        assert client.get(f"/kiosk/{what}", headers={"sec-fetch-mode": "cors"}).status_code == 401


def test_scripts_need_the_csrf_token_that_the_pulse_gives(device: Device) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"sec-fetch-mode": "cors"})
    page = strict.get("/kiosk/sign-in/").content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    form = {"account": "gmd-9", "password": "a machine's long password", "csrfmiddlewaretoken": token}
    assert strict.post("/kiosk/sign-in/", form).status_code == 302
    assert strict.post("/kiosk/return/", {}, content_type="application/json").status_code == 403
    fresh = strict.get("/kiosk/pulse/").json()["csrf"]
    asked = {"barcode": "DX00000201", "request": str(uuid4())}
    headers = {"x-csrftoken": fresh}
    assert strict.post("/kiosk/return/", asked, content_type="application/json", headers=headers).json()["ok"]


def test_the_pulse_tells_the_time_and_what_stands_on_the_first_screen(kiosk: Client) -> None:
    pulse = kiosk.get("/kiosk/pulse/").json()
    assert abs(pulse["now"] - clock.now().timestamp() * 1000) < 5000
    assert len(pulse["presence"]["code"]) == 8
    assert "本书" in pulse["letter"]["zh-hans"][0]["lines"][1]
    assert pulse["letter"]["en"][0]["lines"][0] == "Open by day and by night."
    assert pulse["terms"]
    assert pulse["version"] == kiosk.get("/kiosk/").content.decode().split('data-version="')[1].split('"')[0]


def test_the_page_can_be_kept_whole(kiosk: Client, client: Client) -> None:
    script = kiosk.get("/kiosk/service-worker.js")
    assert script.headers["Content-Type"].startswith("text/javascript")
    kept = script.content.decode().split("\n", 1)[0]
    assert '"page": "/kiosk/"' in kept
    for name in ("kiosk.css", "shufang.css", "js/kiosk/kiosk.js", "js/kiosk/seal.js"):
        assert f"/static/web/{name}" in kept
    assert "service_worker.js" not in kept
