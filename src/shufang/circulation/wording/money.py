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
    "payment_not_offered": words(
        "这里还不能网上缴。到柜台或自助机缴。", "Nothing can be paid online here. Pay at a desk or a kiosk."
    ),
    "provider_unreachable": words(
        "暂时连不上支付。过一会儿再试，什么也没扣。",
        "The payment service does not answer. Nothing was taken; try later.",
    ),
    "payment_declined": words(
        "没有付成，什么也没扣。再付一次就好。", "It was not paid and nothing was taken. Try again."
    ),
    "payment_unknown": words("没有这笔缴费", "There is no such payment"),
    "payment_amount_differs": words(
        "付的和要缴的对不上。图书馆会查清，钱不会少。",
        "What was paid is not what was asked for. The library looks into it; no money is lost.",
    ),
    "payment_too_late": words(
        "这笔来得太晚，图书馆会查清，钱不会少", "This came too late. The library looks into it; no money is lost."
    ),
    "provider_unknown": words("没有这种支付", "There is no such payment service"),
    "signature_wrong": words("这条消息对不上签名，没有理它", "The signature is wrong. The message was not taken."),
    "callback_invalid": words("这条消息看不懂，没有理它", "The message cannot be read. It was not taken."),
    "report_unknown": words("没有要查的这一条", "No such report waits"),
}
