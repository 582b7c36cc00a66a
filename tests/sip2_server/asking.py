"""The messages of a visit, with the fields that matter."""

from shufang.sip2 import dates, requests
from tests.sip2_server.cast import PIN, ZHANG
from tests.sip2_server.wire import today


def checkout(
    item: str,
    patron: str = ZHANG,
    *,
    pin: str = PIN,
    date: str = "",
    no_block: bool = False,
    cancel: bool | None = None,
) -> requests.CheckoutRequest:
    return requests.CheckoutRequest(
        may_renew=True,
        no_block=no_block,
        date=date or today(),
        no_block_due=dates.BLANK,
        institution="DX",
        patron=patron,
        item=item,
        terminal_password="",
        pin=pin,
        cancel=cancel,
    )


def checkin(
    item: str, *, date: str = "", no_block: bool = False, cancel: bool | None = None
) -> requests.CheckinRequest:
    at = date or today()
    return requests.CheckinRequest(
        no_block=no_block,
        date=at,
        return_date=at,
        location="GMD",
        institution="DX",
        item=item,
        terminal_password="",
        cancel=cancel,
    )


def status(patron: str = ZHANG, pin: str = PIN, language: str = "001") -> requests.PatronStatusRequest:
    return requests.PatronStatusRequest(language, today(), "DX", patron, "", pin)


def information(patron: str = ZHANG, summary: str = " " * 10, pin: str = PIN) -> requests.PatronInformationRequest:
    return requests.PatronInformationRequest("001", today(), summary, "DX", patron, pin=pin)


def item(barcode: str) -> requests.ItemInformationRequest:
    return requests.ItemInformationRequest(today(), "DX", barcode)


def renew(barcode: str = "", patron: str = ZHANG, *, title: str = "", pin: str = PIN) -> requests.RenewRequest:
    return requests.RenewRequest(
        third_party=False,
        no_block=False,
        date=today(),
        no_block_due=dates.BLANK,
        institution="DX",
        patron=patron,
        pin=pin,
        item=barcode,
        title=title,
    )


def hold(
    mode: str, item: str = "", patron: str = ZHANG, *, title: str = "", pickup: str = "", hold_type: str = ""
) -> requests.HoldRequest:
    return requests.HoldRequest(
        mode, today(), "DX", patron, pickup=pickup, hold_type=hold_type, pin=PIN, item=item, title=title
    )


def paid(amount: str, patron: str = ZHANG, *, date: str = "", transaction: str = "") -> requests.FeePaidRequest:
    return requests.FeePaidRequest(date or today(), "04", "00", "CNY", amount, "DX", patron, transaction=transaction)


def end(patron: str = ZHANG) -> requests.EndSessionRequest:
    return requests.EndSessionRequest(today(), "DX", patron)
