"""May this item be taken back here, when did it come back, and where does it go? Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from shufang.circulation.rules.policy_choice import AgreementTerms
from shufang.kernel.refusal import Refusal


@dataclass(frozen=True, slots=True)
class ReturnFacts:
    """An item that lies at a branch. `library_id` owns it, `at_library_id` the branch.

    `returned_at`: when it came back, as the place says. `is_staff`: a person said it, who can be asked to mend it.
    `is_travelling`: it was sent and is received here.
    """

    library_id: int
    home_branch_id: int
    is_floating: bool
    branch_id: int
    at_library_id: int
    branch_is_floating: bool
    agreement: AgreementTerms | None
    borrowed_at: datetime | None
    returned_at: datetime
    is_staff: bool
    is_travelling: bool


Rule = Callable[[ReturnFacts, datetime], Refusal | None]


def _not_accepted(facts: ReturnFacts, _now: datetime) -> Refusal | None:
    if facts.library_id == facts.at_library_id or facts.is_travelling:
        return None
    if facts.agreement is not None and facts.agreement.returns != "refuse":
        return None
    return Refusal("return_not_accepted")


def _in_the_future(facts: ReturnFacts, now: datetime) -> Refusal | None:
    if facts.is_staff and facts.returned_at > now:
        return Refusal("return_in_the_future", {"returned_at": facts.returned_at})
    return None


def _before_the_loan(facts: ReturnFacts, _now: datetime) -> Refusal | None:
    if facts.is_staff and facts.borrowed_at is not None and facts.returned_at < facts.borrowed_at:
        return Refusal("return_before_loan", {"borrowed_at": facts.borrowed_at})
    return None


REFUSALS: tuple[Rule, ...] = (_not_accepted, _in_the_future, _before_the_loan)


def refusals(facts: ReturnFacts, now: datetime) -> Iterator[Refusal]:
    """Yield every reason why this item may not be taken back, in order."""
    for rule in REFUSALS:
        refusal = rule(facts, now)
        if refusal is not None:
            yield refusal


def returned_at(facts: ReturnFacts, now: datetime) -> datetime:
    """Return when the item came back: a machine's clock is not believed beyond now or before the loan."""
    at = min(facts.returned_at, now)
    return at if facts.borrowed_at is None else max(at, facts.borrowed_at)


def stays_here(facts: ReturnFacts) -> bool:
    """Say whether an item nobody waits for stands on the shelf of the branch: its home, floating, or kept by agreement.

    At another library's branch only the owner's agreement decides, whether it floats or not.
    """
    if facts.home_branch_id == facts.branch_id:
        return True
    if facts.library_id != facts.at_library_id:
        return facts.agreement is not None and facts.agreement.returns == "keep"
    return facts.is_floating or facts.branch_is_floating
