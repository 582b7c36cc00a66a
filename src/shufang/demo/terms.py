"""The demonstration's terms: what one agrees to for a card. Invented, short, and to be replaced by a library's own."""

from datetime import date

from shufang.registration.models import Terms

VERSION = "2026-01"
VALID_FROM = date(2026, 1, 1)

_READER = (
    """一人一卡，只给本人用。卡丢了，在任何一台自助机、手机或柜台挂失，挂失以后借的书不记在你名下。

借走的书按时还，弄丢或弄坏照价赔。晚还一天每册两角，最多三十元；孩子减半。

书房日夜开放，没有馆员也一样借还。请轻声，书看完放回原处，或者交给还书口。

押金在退卡时原路退回，一分不少。""",
    """One person, one card, and nobody else uses it. If it is lost, report it at any machine, on your phone or at a desk;
what is borrowed after that is not yours to answer for.

Bring books back in time; what is lost or spoilt is paid for. A day late costs 0.20 yuan a book, 30 at most; children pay
half.

The studies are open day and night and lend without staff. Keep your voice down, and put books back where they stood or
into the returns slot.

A deposit goes back in full by the way it came, when the card is given up.""",
)
_PRIVACY = (
    """办卡时留下：姓名、出生日期、联系方式（愿意写才写），还有证件号的一个指纹。证件号本身不保存，照片不读取。

借着的书记在你名下，还了就断开。想留借阅历史，自己在手机上打开，随时可以清掉。

运营公司看不到谁在读什么。馆员查看读者资料，每一次都有记录，你在手机的“隐私”里看得到。

退卡九十天以后，这些都会删掉。""",
    """For the card we keep your name, your date of birth, how to reach you (if you want us to), and a fingerprint of your
document's number. The number itself is not kept, and no picture is read.

A book is noted under your name while you have it; when it is back, the link is cut. If you want a history, switch it on
in the app; you can erase it at any time.

The company that runs the studies cannot see who reads what. Each look of a librarian at a reader's record is written
down, and you see it in the app under Privacy.

Ninety days after the card is given up, all of this is deleted.""",
)
_MINOR = (
    """我是孩子的监护人，同意给孩子办卡，同意馆里按“个人信息”里说的保存孩子的资料。

孩子借的书、欠的费，我来负责。我在手机上能看到、能续借孩子的书。""",
    """I am this child's guardian. I agree to the card, and to what is kept about the child as Privacy says.

I answer for the books the child borrows and for what is owed. I can see and renew the child's loans on my phone.""",
)

TEXTS = (
    (Terms.Kind.READER, "读者须知", "Terms", "按时还书，爱惜书，一人一卡", "Return in time, look after the books, one card each", _READER),
    (Terms.Kind.PRIVACY, "个人信息", "Privacy", "只留办卡要用的，还了书就断开", "We keep what a card needs; a returned book is cut from you", _PRIVACY),
    (Terms.Kind.MINOR, "监护人同意", "Guardian", "孩子的卡由我负责", "I answer for the child's card", _MINOR),
)  # fmt: skip


def write() -> None:
    """Add the texts."""
    Terms.objects.bulk_create(
        Terms(
            kind=kind,
            version=VERSION,
            valid_from=VALID_FROM,
            heading=heading,
            heading_en=heading_en,
            summary=summary,
            summary_en=summary_en,
            text=text,
            text_en="\n\n".join(" ".join(part.split()) for part in text_en.split("\n\n")),
        )
        for kind, heading, heading_en, summary, summary_en, (text, text_en) in TEXTS
    )
