"""Every refusal of the house has a sentence in both languages, in one voice."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

import shufang
from shufang.circulation.rules.placing_hold import CARD_REFUSALS
from shufang.circulation.sentences import REFUSALS, outcome, sentence
from shufang.circulation.wording.lending import OUTCOMES
from shufang.kernel.refusal import Refusal, Value

SOURCE = Path(shufang.__file__).parent
EVERYTHING: dict[str, Value] = {
    "expired_on": date(2025, 3, 1),
    "due_at": datetime(2026, 12, 22, 15, 59, 59, tzinfo=UTC),
    "borrowed_at": datetime(2026, 12, 1, 12, tzinfo=UTC),
    "pickup_until": datetime(2026, 11, 26, 15, 59, 59, tzinfo=UTC),
    **dict.fromkeys(("limit", "count", "least_age", "most_age", "position", "renewed", "unrenewed"), 15),
    **dict.fromkeys(("owed", "amount", "charge", "left"), Decimal("3.5")),
    **dict.fromkeys(("group", "group_en", "branch", "shelf"), "07"),
}


def _codes() -> set[str]:
    """Every code that stands in a `Refusal("…")` of the package, and those that are made of a status."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    codes = set(re.findall(r'Refusal\(\s*"([a-z_]+)"', text)) | set(CARD_REFUSALS.values())
    return codes | {f"card_{status}" for status in ("issued", "active", "lost", "replaced", "expired", "closed")}


# Scenario 7
def test_every_refusal_in_the_source_has_a_sentence() -> None:
    codes = _codes()
    assert len(codes) > 60
    assert codes - set(REFUSALS) == set()


@pytest.mark.parametrize("code", sorted(REFUSALS))
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_refusal_can_always_be_said(code: str, language: str) -> None:
    for values in ({}, EVERYTHING):
        said = sentence(Refusal(code, values), language)
        assert said
        assert "{" not in said
        assert bool(re.search(r"[\u4e00-\u9fff]", said)) == (language == "zh-hans")


@pytest.mark.parametrize("code", sorted(REFUSALS))
def test_the_voice(code: str) -> None:
    """No exclamation marks, none of the words of machines; one sentence alone has no full stop."""
    for said in (*REFUSALS[code].chinese, *REFUSALS[code].english):
        assert not re.search(r"[!！]|您|系统|操作|失败|抱歉|sorry|error|system", said, re.IGNORECASE), said
        body = said.rstrip("。.")
        if body != said:
            assert re.search(r"[。.:：;；]", body), f"one sentence with a full stop: {said}"


@pytest.mark.parametrize("code", sorted(OUTCOMES))
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_outcomes(code: str, language: str) -> None:
    assert "{" not in outcome(code, language, **EVERYTHING)


@pytest.mark.parametrize(
    ("refusal", "chinese", "english"),
    [
        (
            Refusal("limit_reached", {"limit": 15, "count": 15}),
            "手边已有15本。还一本，就能再借一本。",
            "You have 15 books out. Return one to borrow another.",
        ),
        (
            Refusal("card_expired", {"expired_on": date(2025, 3, 1)}),
            "这张卡2025年3月1日到期了。到柜台续一下就能用。",
            "This card ran out on 1 March 2025. Renew it at the desk.",
        ),
        (
            Refusal("charges_above_limit", {"owed": Decimal("35.00"), "limit": Decimal(30)}),
            "欠了35.00元。缴了就能再借。",
            "You owe 35.00 yuan. Pay it to borrow again.",
        ),
        (
            Refusal("already_on_loan", {"due_at": datetime(2026, 12, 22, 15, 59, 59, tzinfo=UTC)}),
            "这本已经在你手里，12月22日前还",
            "You have this book already. Return by 22 December",
        ),
    ],
)
def test_said_with_its_values(refusal: Refusal, chinese: str, english: str) -> None:
    assert (sentence(refusal, "zh-hans"), sentence(refusal, "en")) == (chinese, english)


def test_a_time_is_said_as_the_local_day() -> None:
    late = datetime(2026, 12, 21, 16, 30, tzinfo=UTC)
    assert outcome("checked_out", "zh-hans", due_at=late) == "借好了，12月22日前还"


def test_a_code_of_tomorrow_is_said_in_general() -> None:
    assert sentence(Refusal("never_heard_of"), "en") == "Not now. Try again in a while."
