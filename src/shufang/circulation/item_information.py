"""What is known of an item, for SIP2's 18 and the desk; never who has it."""

from dataclasses import dataclass
from datetime import date, datetime

from shufang.catalogue.item_life import ItemStatus
from shufang.catalogue.models import Item
from shufang.circulation.hold_queue import ASSIGNED
from shufang.circulation.local_days import local_day
from shufang.circulation.models import Hold, Loan, Transit
from shufang.kernel.refusal import Refusal


@dataclass(frozen=True, slots=True)
class ItemInformation:
    """An item and where it stands. `circulation_status` is SIP2's two digits; branches and library are codes.

    `due_at` while on loan, `destination` while in transit, `hold_pickup_on` and `hold_branch` while kept for a reader.
    """

    item_id: int
    title_id: int
    barcode: str
    title: str
    author: str
    status: ItemStatus
    circulation_status: str
    status_since: datetime
    due_at: datetime | None
    hold_queue: int
    owner: str
    home_branch: str
    current_branch: str
    call_number: str
    shelf: str
    volume: str
    material: str
    kind: str
    kind_name: str
    kind_name_en: str
    is_for_loan: bool
    destination: str | None
    hold_branch: str | None
    hold_pickup_on: date | None
    note: str


_SIP2_STATUS = {
    ItemStatus.AVAILABLE: "03",
    ItemStatus.ON_LOAN: "04",
    ItemStatus.TO_BE_SHELVED: "09",
    ItemStatus.ON_HOLD_SHELF: "08",
    ItemStatus.IN_TRANSIT: "10",
    ItemStatus.IN_PROCESS: "06",
    ItemStatus.ON_ORDER: "02",
    ItemStatus.MISSING: "13",
    ItemStatus.LOST: "12",
    ItemStatus.CLAIMED_RETURNED: "11",
    ItemStatus.DAMAGED: "01",
    ItemStatus.WITHDRAWN: "01",
}
"""SIP2's circulation status of each status of an item (3M SIP 2.00, "circulation status")."""
_OTHER = "01"
"""Also of what stands on the shelf and is not for loan: "available" would promise a loan."""


def item_information(barcode: str, now: datetime) -> ItemInformation | Refusal:
    """Return what is known of an item. Refuses item_unknown. At most five queries, no lock."""
    del now
    item = (
        Item.objects.filter(barcode=barcode)
        .select_related("title", "kind", "library", "home_branch", "current_branch")
        .first()
    )
    if item is None:
        return Refusal("item_unknown", {"barcode": barcode})
    return _told(item)


def _told(item: Item) -> ItemInformation:
    due_at = Loan.objects.filter(item=item).exclude(status=Loan.Status.CLOSED).values_list("due_at", flat=True).first()
    hold = (
        Hold.objects.filter(item=item, status__in=ASSIGNED).values_list("pickup_branch__code", "pickup_until").first()
    )
    hold_branch, pickup_until = hold if hold is not None else (None, None)
    destination = Transit.objects.filter(item=item, received_at__isnull=True).values_list(
        "destination__code", flat=True
    )
    status = ItemStatus(item.status)
    is_for_loan = item.is_for_loan and item.kind.is_for_loan
    return ItemInformation(
        item_id=item.pk,
        title_id=item.title_id,
        barcode=item.barcode,
        title=item.title.title,
        author=item.title.author,
        status=status,
        circulation_status=_SIP2_STATUS[status] if is_for_loan or status is not ItemStatus.AVAILABLE else _OTHER,
        status_since=item.status_since,
        due_at=due_at,
        hold_queue=Hold.objects.filter(title_id=item.title_id, patron__isnull=False).count(),
        owner=item.library.code,
        home_branch=item.home_branch.code,
        current_branch=item.current_branch.code,
        call_number=item.call_number,
        shelf=item.shelf,
        volume=item.volume,
        material=item.title.material,
        kind=item.kind.code,
        kind_name=item.kind.name,
        kind_name_en=item.kind.name_en,
        is_for_loan=is_for_loan,
        destination=destination.first() if status is ItemStatus.IN_TRANSIT else None,
        hold_branch=hold_branch,
        hold_pickup_on=local_day(pickup_until) if pickup_until is not None else None,
        note=item.note,
    )
