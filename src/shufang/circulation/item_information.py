"""What is known of an item, for SIP2's 18 and the desk; never who has it."""

from dataclasses import dataclass
from datetime import date, datetime

from shufang.catalogue.item_life import ItemStatus


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
