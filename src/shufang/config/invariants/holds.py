"""Holds, their queues, and items on their way between branches."""

# ruff: noqa: S608  # the queries are put together from constants of this file alone

from shufang.config.invariants.rule import Invariant

_ENDED = "('fulfilled', 'cancelled', 'expired')"
_ASSIGNED = "('trapped', 'in_transit', 'ready')"

INVARIANTS = (
    Invariant(
        "ended_hold_forgets_its_patron",
        "Hold {0} has ended, but still says whose it was.",
        f"SELECT id FROM circulation_hold WHERE status IN {_ENDED} AND patron_id IS NOT NULL",
    ),
    Invariant(
        "open_hold_has_a_patron",
        "Hold {0} is open, but is nobody's.",
        f"SELECT id FROM circulation_hold WHERE status NOT IN {_ENDED} AND patron_id IS NULL",
    ),
    Invariant(
        "assigned_hold_has_its_item",
        "Hold {0} is {1}, but has no item, or waits and has one.",
        f"SELECT id, status FROM circulation_hold WHERE (status IN {_ASSIGNED} AND item_id IS NULL) "
        "OR (status = 'waiting' AND item_id IS NOT NULL)",
    ),
    Invariant(
        "one_hold_an_item",
        "Item {0} is kept for {1} holds.",
        f"SELECT item_id, count(*) FROM circulation_hold WHERE status IN {_ASSIGNED} "
        "GROUP BY item_id HAVING count(*) > 1",
    ),
    Invariant(
        "hold_and_item_agree",
        "Hold {0} is {1}, but its item {2} is {3}.",
        "SELECT h.id, h.status, h.item_id, i.status FROM circulation_hold h JOIN catalogue_item i ON i.id = h.item_id "
        f"WHERE h.status IN {_ASSIGNED} AND i.status <> CASE h.status WHEN 'ready' THEN 'on_hold_shelf' "
        "WHEN 'trapped' THEN 'to_be_shelved' ELSE 'in_transit' END",
    ),
    Invariant(
        "held_item_has_its_hold",
        "Item {0} ({1}) stands on the hold shelf, but no hold is ready for it.",
        "SELECT i.id, i.barcode FROM catalogue_item i WHERE i.status = 'on_hold_shelf' AND NOT EXISTS "
        "(SELECT 1 FROM circulation_hold h WHERE h.item_id = i.id AND h.status = 'ready')",
    ),
    Invariant(
        "hold_of_the_right_title",
        "Hold {0} of title {1} has an item of title {2}.",
        "SELECT h.id, h.title_id, i.title_id FROM circulation_hold h JOIN catalogue_item i ON i.id = h.item_id "
        f"WHERE h.status IN {_ASSIGNED} AND i.title_id <> h.title_id",
    ),
    Invariant(
        "ready_hold_has_its_time",
        "Hold {0} is ready without a day until which it is kept.",
        "SELECT id FROM circulation_hold WHERE status = 'ready' AND (ready_at IS NULL OR pickup_until IS NULL)",
    ),
    Invariant(
        "nobody_waits_twice",
        "A patron has {1} open holds on the same of title {0}.",
        "SELECT title_id, count(*) FROM circulation_hold WHERE patron_id IS NOT NULL "
        "GROUP BY title_id, patron_id, volume, wanted_item_id HAVING count(*) > 1",
    ),
    Invariant(
        "no_place_before_its_time",
        "Hold {0} stands in the queue from before it was placed.",
        "SELECT id FROM circulation_hold WHERE queued_at < placed_at",
    ),
    Invariant(
        "travelling_item_has_its_transit",
        "Item {0} ({1}) is in transit by its status, but no transit is open.",
        "SELECT i.id, i.barcode FROM catalogue_item i WHERE i.status = 'in_transit' AND NOT EXISTS "
        "(SELECT 1 FROM circulation_transit t WHERE t.item_id = i.id AND t.received_at IS NULL)",
    ),
    Invariant(
        "open_transit_has_a_travelling_item",
        "Transit {0} is open, but its item {1} is {2}.",
        "SELECT t.id, t.item_id, i.status FROM circulation_transit t JOIN catalogue_item i ON i.id = t.item_id "
        "WHERE t.received_at IS NULL AND i.status <> 'in_transit'",
    ),
    Invariant(
        "transit_times_in_order",
        "Transit {0} was received before it was sent.",
        "SELECT id FROM circulation_transit WHERE received_at < sent_at",
    ),
)
