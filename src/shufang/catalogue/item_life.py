"""The life of an item: which status may follow which. The one transition table; nothing else sets a status."""

from enum import StrEnum


class ItemStatus(StrEnum):
    """Where an item stands in its life."""

    AVAILABLE = "available"
    ON_LOAN = "on_loan"
    TO_BE_SHELVED = "to_be_shelved"
    ON_HOLD_SHELF = "on_hold_shelf"
    IN_TRANSIT = "in_transit"
    IN_PROCESS = "in_process"
    ON_ORDER = "on_order"
    MISSING = "missing"
    LOST = "lost"
    CLAIMED_RETURNED = "claimed_returned"
    DAMAGED = "damaged"
    WITHDRAWN = "withdrawn"


_S = ItemStatus
_FREE = frozenset({_S.AVAILABLE, _S.TO_BE_SHELVED, _S.ON_HOLD_SHELF, _S.IN_TRANSIT})
_AWAY = frozenset({_S.MISSING, _S.DAMAGED, _S.WITHDRAWN})

TRANSITIONS: dict[ItemStatus, frozenset[ItemStatus]] = {
    _S.AVAILABLE: _FREE | _AWAY | {_S.ON_LOAN, _S.IN_PROCESS},
    _S.ON_LOAN: _FREE | _AWAY | {_S.ON_LOAN, _S.LOST, _S.CLAIMED_RETURNED},
    _S.TO_BE_SHELVED: _FREE | _AWAY | {_S.ON_LOAN, _S.IN_PROCESS},
    _S.ON_HOLD_SHELF: _FREE | _AWAY | {_S.ON_LOAN, _S.IN_PROCESS},
    _S.IN_TRANSIT: _FREE | _AWAY | {_S.ON_LOAN, _S.IN_PROCESS},
    _S.IN_PROCESS: _FREE | _AWAY | {_S.ON_LOAN},
    _S.ON_ORDER: _FREE | _AWAY | {_S.IN_PROCESS},
    _S.MISSING: _FREE | _AWAY | {_S.ON_LOAN, _S.IN_PROCESS},
    _S.LOST: _FREE | _AWAY | {_S.ON_LOAN, _S.LOST, _S.CLAIMED_RETURNED},
    _S.CLAIMED_RETURNED: _FREE | _AWAY | {_S.ON_LOAN, _S.LOST, _S.CLAIMED_RETURNED},
    _S.DAMAGED: _FREE | _AWAY | {_S.ON_LOAN, _S.IN_PROCESS},
    _S.WITHDRAWN: frozenset({_S.TO_BE_SHELVED, _S.WITHDRAWN}),
}

WITH_OPEN_LOAN = frozenset({_S.ON_LOAN, _S.LOST, _S.CLAIMED_RETURNED})
"""The statuses an item may have while a loan of it is open; an item without an open loan may be LOST only by mistake."""


def may_become(old: ItemStatus, new: ItemStatus) -> bool:
    """Say whether an item may go from `old` to `new`."""
    return new in TRANSITIONS[old]
