"""Identity numbers: one hash however typed, a mask, GB 11643's check digit. The numbers here are made up."""

import pytest

from shufang.patrons.identity import IdentityKind, check_number, identity_hash, identity_mask

RESIDENT = "11010519491231002X"  # the example that GB 11643-1999 itself prints


def test_the_same_document_has_one_hash() -> None:
    hashes = {
        identity_hash(IdentityKind.RESIDENT, text)
        for text in (RESIDENT, "11010519491231002x", " 110105 19491231 002X", "１１０１０５19491231002Ｘ")
    }
    assert len(hashes) == 1
    assert len(hashes.pop()) == 32
    assert identity_hash(IdentityKind.PASSPORT, RESIDENT) != identity_hash(IdentityKind.RESIDENT, RESIDENT)


def test_mask_hides_the_birth_date() -> None:
    assert identity_mask(RESIDENT) == "110*************2X"


@pytest.mark.parametrize(
    ("kind", "number", "good"),
    [
        (IdentityKind.RESIDENT, RESIDENT, True),
        (IdentityKind.RESIDENT, "110105194912310021", False),
        (IdentityKind.RESIDENT, "1101051949123100", False),
        (IdentityKind.PASSPORT, "E12345678", True),
        (IdentityKind.PASSPORT, "E1", False),
        (IdentityKind.PASSPORT, "", False),
        (IdentityKind.TRAVEL_PERMIT, "H0123456700", True),
        (IdentityKind.RESIDENCE_PERMIT, "<script>", False),
    ],
)
def test_numbers(kind: IdentityKind, number: str, *, good: bool) -> None:
    assert (check_number(kind, number) is None) is good
