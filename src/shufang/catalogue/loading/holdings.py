"""Holdings fields to item values, by a mapping profile. What makes no item says why."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from shufang.catalogue.item_life import ItemStatus, may_become
from shufang.catalogue.loading.profiles import ItemMapping, Profile
from shufang.catalogue.loading.texts import clean
from shufang.kernel.numbers import as_number
from shufang.marc.record import Field, Record

_MONEY = re.compile(r"[0-9]+(?:\.[0-9]{1,2})?")
_SET_PRICE = re.compile(r"全|套|set", re.IGNORECASE)
_DEAREST = Decimal("999999.99")


@dataclass(slots=True)
class ItemValues:
    """One copy as the record tells of it; `branch`, `library` and `kind` are our codes, empty where it says nothing.

    `current_branch` and `status` are for a copy that we do not know yet; afterwards lending knows better.
    """

    barcode: str
    branch: str
    library: str
    kind: str
    call_number: str = ""
    volume: str = ""
    shelf: str = ""
    price: Decimal | None = None
    note: str = ""
    is_for_loan: bool = True
    current_branch: str = ""
    status: ItemStatus = ItemStatus.AVAILABLE


@dataclass(frozen=True, slots=True)
class NoItem:
    """Why a holdings field made no item: a stable code, what the field says, and a sentence in English."""

    code: str
    barcode: str
    sentence: str


def items_of(record: Record, profile: Profile, class_number: str) -> tuple[list[ItemValues], list[NoItem]]:
    """Return the items of a record and the holdings that make none. A title without a call number lends its class."""
    found: list[ItemValues] = []
    none: list[NoItem] = []
    for mapping in profile.items:
        fields = [field for field in record.fields if field.tag == mapping.tag]
        for holding in fields:
            _add(record, holding, mapping, profile, found, none)
    for item in found:
        item.call_number = (item.call_number or class_number)[:80]
    return found, none


def _add(
    record: Record, holding: Field, mapping: ItemMapping, profile: Profile, found: list[ItemValues], none: list[NoItem]
) -> None:
    barcodes = [text.strip() for text in holding.values(mapping.barcode)]
    if not any(barcodes):
        none.append(NoItem("no_barcode", "", f"{mapping.tag} has no barcode in ${mapping.barcode}: no item was made"))
        return
    if _says_yes(holding, mapping.withdrawn):
        none.append(NoItem("withdrawn", barcodes[0], f"{mapping.tag} says that {barcodes[0]} is withdrawn: no item"))
        return
    for text in filter(None, barcodes):
        barcode = as_number(text)
        if not profile.barcode_pattern.fullmatch(text) or len(profile.barcode_prefix + barcode) > 40:
            shown = text[:60]
            none.append(NoItem("implausible_barcode", shown, f"{mapping.tag} ${mapping.barcode} {shown!r}: no barcode"))
            continue
        if any(other.barcode == barcode for other in found):
            continue
        found.append(_item(barcode, record, holding, mapping, profile))


def _item(barcode: str, record: Record, holding: Field, mapping: ItemMapping, profile: Profile) -> ItemValues:
    branch, library = _said(holding, mapping.branch), _said(holding, mapping.library)
    current = _said(holding, mapping.current_branch)
    kind = _said(holding, mapping.kind)
    return ItemValues(
        barcode=profile.barcode_prefix + barcode if profile.barcode_prefix_always else barcode,
        branch=profile.branches.get(branch, branch) or profile.default_branch,
        library=profile.libraries.get(library, library) or profile.default_library,
        kind=profile.kinds.get(kind, kind) or profile.default_kind,
        call_number=_call_number(holding, mapping),
        volume=_said(holding, mapping.volume)[:80],
        shelf=_said(holding, mapping.shelf)[:40],
        price=_price(record, holding, mapping),
        note=_said(holding, mapping.note)[:255],
        is_for_loan=not _says_yes(holding, mapping.not_for_loan),
        current_branch=profile.branches.get(current, current),
        status=_status(holding, mapping),
    )


def _status(holding: Field, mapping: ItemMapping) -> ItemStatus:
    """Return where a new item stands in its life: only what an available one may become.

    What the other system calls lost is missing here: our *lost* is said of a loan, and there is none.
    """
    for codes, status in ((mapping.lost, ItemStatus.MISSING), (mapping.damaged, ItemStatus.DAMAGED)):
        if _says_yes(holding, codes) and may_become(ItemStatus.AVAILABLE, status):
            return status
    return ItemStatus.AVAILABLE


def _said(holding: Field, codes: str) -> str:
    return next((text for text in map(clean, holding.values(codes)) if text), "") if codes else ""


def _says_yes(holding: Field, codes: str) -> bool:
    """Flags are 0 or empty for no, as Koha writes them."""
    return _said(holding, codes) not in {"", "0", "N", "n"}


def _call_number(holding: Field, mapping: ItemMapping) -> str:
    for way in mapping.call_number:
        parts = [clean(" ".join(holding.values(code))) for code in way]
        if parts[0]:
            return "/".join(filter(None, parts))
    return ""


def _price(record: Record, holding: Field, mapping: ItemMapping) -> Decimal | None:
    """Return the price of one copy: the first amount; none for a set's price (CNY120.00 (全4册))."""
    fields = [holding]
    if mapping.price_field:
        fields = [field for field in record.fields if field.tag == mapping.price_field]
    for field in fields:
        for text in field.values(mapping.price):
            found = _MONEY.search(text)
            if not found or _SET_PRICE.search(text):
                continue
            try:
                price = Decimal(found.group())
            except InvalidOperation:
                continue
            return price if 0 < price <= _DEAREST else None
    return None
