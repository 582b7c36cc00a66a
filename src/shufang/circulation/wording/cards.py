"""What is said about cards, patrons and PINs."""

from shufang.circulation.wording import Wording, words

CARDS: Wording = {
    "card_unknown": words(
        "没认出这张卡。换一张，或者到柜台看看。", "We do not know this card. Try another, or ask at the desk."
    ),
    "card_lost": words(
        "这张卡已挂失。捡到的话，交给任何一家图书馆就好。",
        "This card is reported lost. If you found it, hand it in at any library.",
    ),
    "card_expired": words(
        ("这张卡{expired_on:year}到期了。到柜台续一下就能用。", "这张卡到期了。到柜台续一下就能用。"),
        (
            "This card ran out on {expired_on:year}. Renew it at the desk.",
            "This card has run out. Renew it at the desk.",
        ),
    ),
    "card_replaced": words("这张卡已换成新卡。用新的那张。", "This card was replaced. Use the new one."),
    "card_closed": words(
        "这张卡已经退了。想再借书，办一张新的。", "This card is closed. To borrow again, get a new one."
    ),
    "card_not_active": words(
        "这张卡还没开通。到柜台开一下。", "This card is not active yet. Have it activated at the desk."
    ),
    "card_issued": words(
        "这张卡还没开通。到柜台开一下。", "This card is not active yet. Have it activated at the desk."
    ),
    "card_active": words("这张卡正在用，不必再开通", "This card is in use already"),
    "card_is_active": words("这张卡正在用", "This card is in use"),
    "card_not_lost": words("这张卡没有挂失", "This card is not reported lost"),
    "card_does_not_expire": words("这种卡不会到期，不必续", "This kind of card does not run out"),
    "card_number_invalid": words("卡号不对。照着卡面再输一次。", "That is no card number. Copy it from the card."),
    "card_number_used": words("这个卡号已经有人用了。换一张卡。", "This number is taken. Use another card."),
    "card_kind_unknown": words("没有这种卡", "There is no such kind of card"),
    "card_kind_too_young": words(
        ("办这种卡要满{least_age}岁。可以办少儿卡。", "年龄不到，办不了这种卡。可以办少儿卡。"),
        (
            "This card is for readers from {least_age}. Take a child's card.",
            "Too young for this card. Take a child's card.",
        ),
    ),
    "card_kind_too_old": words(
        ("这种卡只办到{most_age}岁。换一种卡。", "过了办这种卡的年龄。换一种卡。"),
        ("This card is for readers up to {most_age}. Take another kind.", "Too old for this card. Take another kind."),
    ),
    "reading_card": words(
        "这张卡只能在馆里看书。想带回家，办一张外借卡。",
        "This card is for reading here. To take books home, get a lending card.",
    ),
    "patron_blocked": words("这张卡暂时停用。到柜台问一下。", "This card is on hold for now. Ask at the desk."),
    "patron_has_card": words(
        "名下已有一张卡。一人一张就够了。", "There is a card in this name already. One is enough."
    ),
    "patron_unknown": words("没有这位读者", "There is no such reader"),
    "kiosk_sign_in_wrong": words(
        "账号或密码不对，或者这台设备不是自助机。再输一次。",
        "Account or password is wrong, or the machine is no kiosk. Try again.",
    ),
    "kiosk_not_from_here": words(
        "这台自助机不能从这里登录。让管理员改允许的地址。",
        "This kiosk may not sign in from here. Have its allowed addresses changed.",
    ),
    "sign_in_wrong": words(
        "卡号和密码对不上。照着卡面再输一次。", "Card number and PIN do not belong together. Try again."
    ),
    "sign_in_too_often": words(
        ("试的次数太多了。过{minutes}分钟再试。", "试的次数太多了。过一会儿再试。"),
        ("Too many tries. Try again in {minutes} minutes.", "Too many tries. Try again later."),
    ),
    "code_wrong": words(
        "验证码不对，或者已经过期。再看一眼，或者重新要一个。",
        "This code is wrong or no longer good. Look again, or ask for a new one.",
    ),
    "email_invalid": words("邮箱写得不对。再看一眼。", "This is no e-mail address. Look again."),
    "pin_wrong": words("密码不对。再输一次。", "The PIN is wrong. Try again."),
    "pin_locked": words(
        "密码输错太多次，这里先停一刻钟。急用就到柜台。",
        "Too many wrong PINs. Wait a quarter of an hour here, or ask at the desk.",
    ),
    "pin_missing": words("还没设密码。先设一个六位数字。", "There is no PIN yet. Choose six digits."),
    "pin_invalid": words("密码要六位数字。换一个。", "A PIN has six digits. Choose another."),
    "pin_same": words("新密码和原来的一样。换一个。", "That is the PIN you have already. Choose another."),
    "pin_repeat_differs": words("两次输的不一样。再输一次。", "The two PINs differ. Type them again."),
    "pin_too_simple": words("这个密码太好猜。换一个。", "This PIN is too easy to guess. Choose another."),
    "name_missing": words("还没写姓名", "The name is missing"),
    "birth_date_missing": words("还没写出生日期", "The date of birth is missing"),
    "birth_date_invalid": words("出生日期不对。再看一眼。", "The date of birth cannot be right. Look again."),
    "identity_invalid": words(
        "证件号不对。照着证件再输一次。", "This is no valid document number. Copy it from the document."
    ),
    "identity_used": words(
        "这个证件已经办过卡。用那一张。", "There is a card for this document already. Use that one."
    ),
    "guardian_needed": words(
        "孩子办卡要一位大人的卡。拿大人的卡来。", "A child's card needs an adult's. Bring the adult's card."
    ),
    "guardian_unknown": words("没认出家长的卡。换一张。", "We do not know the adult's card. Try another."),
    "guardian_closed": words("家长的卡已经退了。换一位大人的卡。", "The adult's card is closed. Use another adult's."),
    "guardian_is_minor": words("家长要满十八岁。换一位大人的卡。", "The adult must be 18. Use another adult's card."),
    "guardian_is_self": words(
        "自己不能给自己作家长。换一位大人的卡。", "Nobody is his own guardian. Use an adult's card."
    ),
    "account_closed": words("这个账户已经注销了", "This account is closed already"),
    "ward_needs_guardian": words(
        (
            "{name}还小，只有你一位家长。先到柜台给孩子换一位家长，或者退掉孩子的卡。",
            "孩子还小，只有你一位家长。先到柜台给孩子换一位家长，或者退掉孩子的卡。",
        ),
        (
            "You alone answer for {name}. Have a desk note another adult first, or close the child's card.",
            "You alone answer for a child. Have a desk note another adult first, or close the child's card.",
        ),
    ),
    "not_your_ward": words(
        "这位读者的书，你办不了。家长关系到柜台登记。",
        "You cannot do that for this reader. A desk notes who answers for whom.",
    ),
    "loans_open": words(
        ("手边还有{count}本没还。还清再退卡。", "手边还有书没还。还清再退卡。"),
        ("{count} books are still out. Return them first.", "Books are still out. Return them first."),
    ),
    "holds_open": words("还有预约没取消。取消了再退卡。", "Reservations are still open. Cancel them first."),
    "charges_open": words(
        ("还欠{owed}元。缴清再退卡。", "还有欠款。缴清再退卡。"),
        ("{owed} yuan are still owed. Pay first.", "Something is still owed. Pay first."),
    ),
    "refunds_open": words("还有钱要退给你。先到柜台领。", "We still owe you money. Collect it at the desk first."),
}
