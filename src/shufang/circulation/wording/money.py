"""What is said about money."""

from shufang.circulation.wording import Wording, words

MONEY: Wording = {
    "charges_above_limit": words(
        ("欠了{owed}元。缴了就能再借。", "有欠款没缴。缴了就能再借。"),
        ("You owe {owed} yuan. Pay it to borrow again.", "Something is owed. Pay it to borrow again."),
    ),
    "nothing_to_pay": words("没有欠款，不用缴", "Nothing is owed"),
    "overpayment": words(
        ("只欠{owed}元。少缴一点。", "缴得比欠的多。少缴一点。"),
        ("Only {owed} yuan are owed. Pay less.", "That is more than is owed. Pay less."),
    ),
    "amount_invalid": words("金额不对。再输一次。", "That is no amount. Enter it again."),
    "currency_unknown": words("这里只收人民币", "Only yuan are taken here"),
    "charge_unknown": words("没有这笔欠款", "There is no such charge"),
    "fee_invalid": words("这种费用这里收不了。到柜台缴。", "This fee cannot be paid here. Pay at the desk."),
    "reference_used": words("这笔已经记过了，不会再收一次", "This payment is recorded already and is not taken twice"),
    "payment_method_unknown": words("没有这种缴费方式。换一种。", "There is no such way to pay. Choose another."),
    "refund_unknown": words("没有这笔退款", "There is no such refund"),
    "refund_paid": words("这笔已经退过了", "This was paid back already"),
    "deposit_missing": words(
        ("还没交押金{amount}元。交了就能开卡。", "还没交押金。交了就能开卡。"),
        (
            "The deposit of {amount} yuan is missing. Pay it to activate the card.",
            "The deposit is missing. Pay it first.",
        ),
    ),
    "deposit_held": words("押金已经交过了", "The deposit is paid already"),
    "deposit_not_held": words("名下没有押金", "There is no deposit"),
    "deposit_needed": words(
        "这张卡还在用，押金先留着。退卡时一起退。", "Your card needs the deposit. It goes back when the card does."
    ),
    "deposit_not_needed": words("这种卡不收押金", "This card needs no deposit"),
}
