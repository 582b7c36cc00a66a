"""Forgetting who a person is. His bare row stays for sums, without name, birth, contacts, identity and PIN."""

from shufang.notices.models import ChannelOff
from shufang.patrons.models import Block, Guardianship, HistoryConsent, OneTimeCode, Patron, PatronSession
from shufang.registration.models import CityPerson, TermsAgreed

GONE = "-"
"""What stands for the name of a forgotten patron."""


def forget_patron(patron: Patron) -> None:
    """Erase what tells who a patron is, in the caller's transaction that has locked him.

    A guardian of whom nothing is here but that he answered for this patron is forgotten too.
    """
    guardians = list(Patron.objects.filter(wards__minor=patron, cards__isnull=True))
    HistoryConsent.objects.filter(patron=patron).delete()
    Block.objects.filter(patron=patron).delete()
    PatronSession.objects.filter(patron=patron).delete()
    OneTimeCode.objects.filter(patron=patron).delete()
    ChannelOff.objects.filter(patron=patron).delete()
    TermsAgreed.objects.filter(patron=patron).delete()
    CityPerson.objects.filter(patron=patron).delete()
    Guardianship.objects.filter(guardian=patron).delete()
    Guardianship.objects.filter(minor=patron).delete()
    patron.name = GONE
    patron.birth_date = None
    patron.phone = patron.email = patron.address = patron.notes = ""
    patron.identity_kind = patron.identity_mask = patron.pin_hash = ""
    patron.identity_hash = None
    patron.home_branch = None
    patron.keeps_history = False
    patron.save()
    for guardian in guardians:
        if not guardian.wards.exists():
            forget_patron(guardian)
