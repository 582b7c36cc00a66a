"""What is said at a machine that gives cards, and about the city's card centre."""

from shufang.circulation.wording import Wording, words

GETTING_A_CARD: Wording = {
    "application_over": words("这次办卡已经结束。从头再来一次。", "This has ended. Begin again."),
    "application_open": words("这里还有一张卡没办完。先办完它。", "A card is not finished here. Finish it first."),
    "application_incomplete": words("还差一步没填。回头补上。", "Something is still missing. Go back and fill it in."),
    "document_expired": words(
        ("证件{expired_on:year}到期了。换一个证件。", "证件过期了。换一个证件。"),
        (
            "This document ran out on {expired_on:year}. Use another.",
            "This document has run out. Use another.",
        ),
    ),
    "document_invalid": words(
        "这个证件的号码不对。换一个证件，或者到柜台看看。",
        "The number of this document is not a valid one. Use another, or ask at the desk.",
    ),
    "document_unreadable": words(
        "证件没读清楚。拿起来，再放一次。", "The document could not be read. Lift it and lay it down again."
    ),
    "document_reader_silent": words(
        "证件阅读器没有反应。到柜台办，或者叫人来看一下。",
        "The document reader does not answer. Go to the desk, or ask for help.",
    ),
    "terms_not_agreed": words(
        "还没同意读者须知。看一眼，再点同意。", "The terms are not agreed to yet. Look through them first."
    ),
    "contact_missing": words(
        "这种卡要留一个电话或邮箱。填一样就行。",
        "This card needs a telephone number or an e-mail address. One will do.",
    ),
    "phone_invalid": words("电话号码不对。再输一次。", "That is no telephone number. Enter it again."),
    "email_invalid": words("邮箱不对。再看一眼。", "That is no e-mail address. Look again."),
    "relation_missing": words("选一下和孩子是什么关系", "Choose how you are related to the child"),
    "pin_differs": words("两次输得不一样。从头再输。", "The two are not alike. Begin again."),
    "card_centre_away": words(
        "暂时查不到这张卡：连不上一卡通中心。过一会儿再试。",
        "This card cannot be looked up now: the city's card centre does not answer. Try again in a while.",
    ),
    "centre_failed": words("一卡通中心自己办不了这件事", "The card centre breaks down over this"),
    "conflict_unknown": words("没有这条冲突", "There is no such conflict"),
    "conflict_settled": words("这条已经处理过了", "This is settled already"),
    "no_cards_here": words(
        "这台机器不办卡。到柜台办，一会儿就好。", "This machine gives no cards. Get yours at the desk."
    ),
    "numbers_used_up": words(
        "这里的卡号发完了，先办不了。到柜台办。", "This machine has no card numbers left. Get your card at the desk."
    ),
    "card_of_another_library": words(
        ("这张卡是{library}办的。到那里换。", "这张卡是别馆办的。到那里换。"),
        (
            "This card was issued by {library_en}. Have it replaced there.",
            "This card was issued by another library. Have it replaced there.",
        ),
    ),
}
