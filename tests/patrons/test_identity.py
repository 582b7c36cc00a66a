"""Identity numbers: one hash however typed, a mask, GB 11643's check digit. The numbers here are made up."""

from datetime import date

import pytest
from pytest_django import Settings

from shufang.kernel.refusal import Refusal
from shufang.patrons.identity import (
    Document,
    IdentityKind,
    birth_date_of,
    check_number,
    identity_hash,
    identity_mask,
    read_document,
)

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
        (IdentityKind.RESIDENT, "110105194913310022", False),  # the check digit is right, the month is not
        (IdentityKind.PASSPORT, "E12345678", True),
        (IdentityKind.PASSPORT, "E1", False),
        (IdentityKind.PASSPORT, "", False),
        (IdentityKind.PASSPORT, "ABCDEFGHI", False),
        (IdentityKind.PASSPORT, "E1234567890", False),
        (IdentityKind.TRAVEL_PERMIT, "H0123456700", True),
        (IdentityKind.TRAVEL_PERMIT, "M12345678", True),
        (IdentityKind.TRAVEL_PERMIT, "12345678", True),
        (IdentityKind.TRAVEL_PERMIT, "E12345678", False),
        (IdentityKind.RESIDENCE_PERMIT, "810000199408230021", True),
        (IdentityKind.RESIDENCE_PERMIT, "810000199408230022", False),
        (IdentityKind.RESIDENCE_PERMIT, "USA110105660114", True),
        (IdentityKind.RESIDENCE_PERMIT, "<script>", False),
    ],
)
def test_numbers(kind: IdentityKind, number: str, *, good: bool) -> None:
    assert (check_number(kind, number) is None) is good


def test_what_is_kept_of_a_document_does_not_tell_its_number(settings: Settings) -> None:
    kept = read_document(IdentityKind.RESIDENT, "1101 0519 4912 3100 2x")
    assert isinstance(kept, Document)
    assert (kept.digest, kept.mask) == (identity_hash(IdentityKind.RESIDENT, RESIDENT), "110*************2X")
    assert kept.city == b""
    settings.SHUFANG_CITY_KEY = b"k" * 32
    shared = read_document(IdentityKind.RESIDENT, RESIDENT)
    assert isinstance(shared, Document)
    assert len(shared.city) == 32
    assert shared.city != shared.digest == kept.digest
    refusal = read_document(IdentityKind.RESIDENT, "123")
    assert isinstance(refusal, Refusal)
    assert refusal.code == "identity_invalid"


def test_numbers_of_eighteen_signs_tell_the_birth_date() -> None:
    assert birth_date_of(IdentityKind.RESIDENT, RESIDENT) == date(1949, 12, 31)
    assert birth_date_of(IdentityKind.PASSPORT, "E12345678") is None
