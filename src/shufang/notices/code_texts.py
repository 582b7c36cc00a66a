"""The words with which a one-time code is sent."""

from datetime import datetime

from shufang.notices.channels import CHANNELS
from shufang.notices.message import Message
from shufang.notices.models import Notice
from shufang.patrons.models import OneTimeCode, Patron
from shufang.patrons.one_time_code import GOOD_FOR, digits_of, is_good

WORDS = {
    ("pin_code", "zh-hans"): (
        "设新密码的验证码",
        (
            "验证码是 {code}，{minutes}分钟内有效，用来给你的一卡通设新密码。\n\n没有要过验证码？不用理会，密码没有变。"
            "别把它告诉任何人，图书馆的人也不会问你。"
        ),
    ),
    ("pin_code", "en"): (
        "Your code for a new PIN",
        (
            "Your code is {code}. With it you choose a new PIN for your card; it is good for {minutes} minutes.\n\n"
            "You did not ask for it? Then do nothing: your PIN has not changed. Tell it to nobody, not even to the library."
        ),
    ),
    ("email_code", "zh-hans"): (
        "确认邮箱的验证码",
        (
            "验证码是 {code}，{minutes}分钟内有效。填上它，图书馆的通知以后就寄到这个邮箱。\n\n"
            "没有要过验证码？不用理会，这个邮箱不会被登记。"
        ),
    ),
    ("email_code", "en"): (
        "Your code to confirm this address",
        (
            "Your code is {code}. Type it, and the library writes to this address from then on; it is good for {minutes} "
            "minutes.\n\nYou did not ask for it? Then do nothing: this address is not recorded."
        ),
    ),
}


def render(notice: Notice, now: datetime) -> Message | None:
    """Return the message of a code in its reader's language; None when it is used, too old, or has nowhere to go."""
    code = OneTimeCode.objects.select_related("patron").filter(pk=notice.subject_id).first()
    if code is None or code.patron is None or code.nonce_name != notice.occasion or not is_good(code, now):
        return None
    to = code.address or CHANNELS[notice.channel]().contact_of(code.patron)
    if not to:
        return None
    values = {"code": digits_of(code), "minutes": int(GOOD_FOR.total_seconds() // 60)}
    subject, body = (text.format_map(values) for text in WORDS[notice.template, code.patron.language])
    greeting = (
        f"{code.patron.name}，你好" if code.patron.language == Patron.Language.CHINESE else f"Dear {code.patron.name},"
    )
    return Message(to, subject, f"{greeting}\n\n{body}\n", code.patron.language)
