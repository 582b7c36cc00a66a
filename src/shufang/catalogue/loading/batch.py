"""One batch of records into the catalogue: look up, decide, prepare, and write all of it in one transaction."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction

from shufang.catalogue.loading import store
from shufang.catalogue.loading.candidates import Candidate, LoadReport, Rejected
from shufang.catalogue.loading.holdings import ItemValues, NoItem
from shufang.catalogue.loading.indexing import indexable_titles
from shufang.catalogue.loading.lookup import KnownItem, known_items, linked_digests, neighbours
from shufang.catalogue.loading.matching import FORMER, LINKED, Match, Outcome, match, own_number
from shufang.catalogue.loading.places import Place, Places
from shufang.catalogue.loading.preparing import indexable
from shufang.catalogue.loading.rejects import RejectFile
from shufang.catalogue.search import index

_IDS_AT_ONCE = 2000


@dataclass(slots=True)
class _Plan:
    """What a batch will write, and what it will report once it is written."""

    new: list[tuple[int, Candidate]] = field(default_factory=list)
    changed: list[tuple[int, Candidate]] = field(default_factory=list)
    links: list[tuple[int, str, str]] = field(default_factory=list)
    kept: list[tuple[int, Candidate]] = field(default_factory=list)
    proposals: list[tuple[int, int, str, str]] = field(default_factory=list)
    items: list[tuple[int, ItemValues, Place]] = field(default_factory=list)
    changed_items: list[tuple[int, ItemValues]] = field(default_factory=list)
    index_again: set[int] = field(default_factory=set)
    no_items: list[tuple[Candidate, NoItem]] = field(default_factory=list)
    clashes: list[tuple[Candidate, NoItem]] = field(default_factory=list)
    same: int = 0
    linked: int = 0
    changed_links: int = 0


class BatchWriter:
    """Writes batches, and keeps over a run what does not change: codes of places, facets, ids taken for new titles."""

    def __init__(self, places: Places, rejects: RejectFile, report: LoadReport) -> None:
        self._places = places
        self._rejects = rejects
        self._report = report
        self._facets: dict[index.Facet, int] = {}
        self._ids: list[int] = []

    def write(self, batch: Sequence[Candidate], now: datetime) -> float:
        """Write a batch and add to the report. Return the seconds of writing in its transaction, without the commit.

        IntegrityError when another writer took a number or a barcode meanwhile: nothing is written then, try again.
        """
        plan = _plan(batch, self._places, self._new_id)
        made: dict[int, set[str]] = {}
        for title_id, item, _ in plan.items:
            made.setdefault(title_id, set()).add(item.barcode)
        documents = [_document(title_id, each, made.get(title_id, set())) for title_id, each in plan.new]
        try:
            seconds = _write(plan, documents, self._facets, now)
        except BaseException:
            self._facets.clear()
            raise
        _tell(plan, self._rejects, self._report)
        return seconds

    def _new_id(self) -> int:
        if not self._ids:
            self._ids = list(reversed(store.reserve_title_ids(_IDS_AT_ONCE)))
        return self._ids.pop()


def _document(title_id: int, candidate: Candidate, made: set[str]) -> index.Prepared:
    """Return what the index takes; made anew where some of the items could not be, since their call numbers went in."""
    calls = [item.call_number for item in candidate.items if item.barcode in made]
    if len(calls) == len(candidate.items):
        return index.Prepared(replace(candidate.title, id=title_id), candidate.document)
    return index.prepare([indexable(title_id, candidate.values, calls)])[0]


def _plan(batch: Sequence[Candidate], places: Places, new_id: Callable[[], int]) -> _Plan:
    near = neighbours(batch)
    matches = [match(candidate.values, candidate.digest, near) for candidate in batch]
    items = known_items({item.barcode for candidate in batch for item in candidate.items})
    digests = linked_digests(
        {found.title_id for found in matches if found.title_id and found.outcome is Outcome.LINKED}
    )
    plan = _Plan()
    for candidate, found in zip(batch, matches, strict=True):
        title_id = new_id() if found.title_id is None else found.title_id
        _plan_title(plan, candidate, found, title_id, digests)
        for item in candidate.items:
            _plan_item(plan, candidate, item, title_id, items, places)
        plan.no_items += [(candidate, each) for each in candidate.no_items]
    return plan


def _plan_title(
    plan: _Plan, candidate: Candidate, found: Match, title_id: int, digests: dict[tuple[str, str], bytes]
) -> None:
    match found.outcome:
        case Outcome.NEW:
            plan.new.append((title_id, candidate))
            plan.proposals += [(title_id, *proposal) for proposal in found.proposals]
        case Outcome.CHANGED:
            plan.changed.append((title_id, candidate))
            plan.index_again.add(title_id)
            if found.formerly:
                plan.links.append((title_id, FORMER, found.formerly))
        case Outcome.LINKED:
            before = digests.get((candidate.values.source, candidate.values.control_number))
            _plan_link(plan, candidate, title_id, before)
        case Outcome.FORMER:
            plan.linked += 1
        case Outcome.SAME:
            plan.same += 1


def _plan_link(plan: _Plan, candidate: Candidate, title_id: int, before: bytes | None) -> None:
    """Keep a record of another source whole; it changes nothing of the title. `before` is the digest of what is kept."""
    if before == candidate.digest:
        plan.same += 1
        return
    plan.kept.append((title_id, candidate))
    if before is None:
        plan.linked += 1
        plan.links.append((title_id, LINKED, own_number(candidate.values)))
    else:
        plan.changed_links += 1


def _plan_item(
    plan: _Plan, candidate: Candidate, item: ItemValues, title_id: int, known: dict[str, KnownItem], places: Places
) -> None:
    there = known.get(item.barcode)
    if there is not None and there.title_id != title_id and candidate.clash_prefix is not None:
        item.barcode = candidate.clash_prefix + item.barcode
        there = known_items({item.barcode}).get(item.barcode)
    if there is not None:
        if there.title_id != title_id:
            sentence = f"barcode {item.barcode} is an item of another title, number {there.title_id}"
            plan.clashes.append((candidate, NoItem("barcode_clash", item.barcode, sentence)))
        elif (there.call_number, there.volume, there.price) != (item.call_number, item.volume, item.price):
            plan.changed_items.append((there.item_id, item))
            plan.index_again.add(title_id)
        return
    place = places.place(item, candidate.default_branch)
    if isinstance(place, NoItem):
        plan.no_items.append((candidate, place))
        return
    plan.items.append((title_id, item, place))
    plan.index_again.add(title_id)


def _write(plan: _Plan, documents: list[index.Prepared], facets: dict[index.Facet, int], now: datetime) -> float:
    again = plan.index_again - {title_id for title_id, _ in plan.new}
    if not (plan.new or again or plan.links or plan.kept):
        return 0.0
    with transaction.atomic():
        began = time.perf_counter()
        # In one order, so that two loads at once can wait for each other but never in a circle.
        store.add_titles(sorted(plan.new, key=_key), now)
        store.update_titles(plan.changed, now)
        store.add_links(plan.links)
        store.keep_linked(sorted(plan.kept, key=_key), now)
        store.add_proposals(plan.proposals, now)
        store.add_items(sorted(plan.items, key=lambda each: each[1].barcode), now)
        store.update_items(plan.changed_items)
        index.write(documents, are_new=True, facets=facets)
        if again:
            index.write(index.prepare(indexable_titles(sorted(again))), facets=facets)
        return time.perf_counter() - began


def _key(each: tuple[int, Candidate]) -> tuple[str, str]:
    return each[1].values.source, each[1].values.control_number


def _tell(plan: _Plan, rejects: RejectFile, report: LoadReport) -> None:
    report.new += len(plan.new)
    report.changed += len(plan.changed) + plan.changed_links
    report.same += plan.same
    report.linked += plan.linked
    report.proposals += len(plan.proposals)
    report.new_items += len(plan.items)
    report.changed_items += len(plan.changed_items)
    report.no_items += len(plan.no_items) + len(plan.clashes)
    for candidate, none in plan.no_items:
        number = candidate.values.control_number
        rejects.holding(candidate.file, candidate.position, number, none.code, none.sentence, none.barcode)
    for candidate, none in plan.clashes:
        number, record = candidate.values.control_number, candidate.record
        clash = Rejected(record.position, number, none.code, none.sentence, record.raw, record.form, record.encoding)
        rejects.record(candidate.file, clash)
