"""The simulation is deterministic and never lends what is out, or more than somebody may have."""

from shufang.demo.simulation import DAY, Lent, Reader, Site, Span, Year

START = 1_767_196_800  # a midnight in Beijing
DAYS = 120


def site(branch: int, loans: int, *, closed_on: int | None = None) -> Site:
    """Return a branch that may be closed on one day of seven, with due dates 42 and 28 days ahead."""
    many = range(DAYS + 200)
    return Site(
        branch=branch,
        loans_a_day=loans,
        is_open=[day % 7 != closed_on for day in many],
        due_after_loan=[START + (day + 43) * DAY - 1 for day in many],
        due_after_renewal=[START + (day + 29) * DAY - 1 for day in many],
        always_open=closed_on is None,
    )


def simulate() -> Year:
    sites = [site(1, 60), site(2, 20, closed_on=0)]
    homes = {item: 0 if item < 300 else 1 for item in range(400)}
    for item, home in homes.items():
        sites[home].shelf.append(item)
    readers = [Reader(patron, patron % 2, 1.0 + patron % 5, 3 if patron % 3 else 1) for patron in range(150)]
    year = Year(sites, readers, homes, Span(START, START + DAYS * DAY + 50_000, 3))
    year.run()
    return year


def test_the_same_days_every_time() -> None:
    first, second = simulate(), simulate()
    assert first.loans == second.loans
    assert first.journeys == second.journeys
    assert len(first.loans) > 4000


def test_an_item_is_in_one_place_at_a_time() -> None:
    year = simulate()
    until: dict[int, int] = {}
    arrivals = {(journey.item, journey.sent): journey.received for journey in year.journeys}
    for lent in sorted(year.loans, key=lambda lent: lent.out):
        assert lent.out >= until.get(lent.item, 0)
        end = year_end() if lent.back is None else lent.back
        assert end > lent.out or lent.back is None
        until[lent.item] = arrivals.get((lent.item, end), end) or year_end()


def year_end() -> int:
    return START + (DAYS + 400) * DAY


def test_nobody_has_more_than_he_may() -> None:
    changes: list[tuple[int, int, int]] = []
    loans: list[Lent] = simulate().loans
    for lent in loans:
        changes.append((lent.out, 1, lent.patron))
        if lent.back is not None:
            changes.append((lent.back, -1, lent.patron))
    has: dict[int, int] = {}
    for _, change, patron in sorted(changes, key=lambda one: (one[0], one[1])):
        has[patron] = has.get(patron, 0) + change
        assert has[patron] <= (3 if patron % 3 else 1)


def test_a_closed_branch_neither_lends_nor_takes_back() -> None:
    for lent in simulate().loans:
        if lent.site == 1:
            assert (lent.out - START) // DAY % 7 != 0
        if lent.back_site == 1 and lent.back is not None:
            assert (lent.back - START) // DAY % 7 != 0


def test_renewals_are_before_the_due_date_and_lengthen_it() -> None:
    renewed = [lent for lent in simulate().loans if lent.renewed is not None]
    assert renewed
    assert all(lent.out < (lent.renewed or 0) < lent.first_due < lent.due for lent in renewed)
