"""What the demonstration's machines need to give cards: ranges of numbers, kinds on offer, terms."""

from decimal import Decimal

from shufang.branches.models import Library
from shufang.demo import terms
from shufang.patrons.models import CardKind
from shufang.registration.models import CardOffer, NumberRange, Terms

FIRST, LAST = 5_000_001, 5_099_999
OFFERS = (
    ("child", 1, CardOffer.Contact.OPTIONAL),
    ("adult", 2, CardOffer.Contact.OPTIONAL),
    ("C", 3, CardOffer.Contact.NEEDED),
    ("A", 4, CardOffer.Contact.NONE),
)
"""Kind, place on the screen, whether one must say how one can be reached."""
REPLACEMENT_FEE = Decimal("10.00")


def lay_out() -> None:
    """Let the machines of library DX give cards D5000001 to D5099999. Once; what stands is left alone."""
    library = Library.objects.get(code="DX")
    if not NumberRange.objects.filter(library=library).exists():
        NumberRange.objects.create(library=library, prefix="D", width=7, first=FIRST, last=LAST, next_number=FIRST)
    if not CardOffer.objects.filter(library=library).exists():
        kinds = {kind.code: kind for kind in CardKind.objects.all()}
        CardOffer.objects.bulk_create(
            CardOffer(
                library=library,
                kind=kinds[code],
                position=position,
                contact=contact,
                replacement_fee=Decimal(0) if code == "A" else REPLACEMENT_FEE,
            )
            for code, position, contact in OFFERS
        )
    if not Terms.objects.exists():
        terms.write()
