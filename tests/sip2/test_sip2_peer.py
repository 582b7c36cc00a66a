"""A foreign codec (PyPI: pysip2) reads every kind of reply that we write."""

import pytest
from pysip2.codec import decode_message

from shufang.sip2 import replies
from shufang.sip2.codec import encode, seal
from shufang.sip2.layout import LAYOUTS
from shufang.sip2.replies import Reply

DATE = "20260101    120000"
BLANK_STATUS = " " * 14
FULL: list[Reply] = [
    replies.LoginReply(False),
    replies.StatusReply(
        True, True, True, True, True, True, "100", "003", DATE, "2.00", "DX", "Y" * 16, "大兴区图书馆", "高米店", ("好",)
    ),
    replies.PatronStatusReply(BLANK_STATUS, "019", DATE, "DX", "D1", "王芳", True, True, "CNY", "0.00", ("一", "二")),
    replies.PatronEnableReply("Y" + BLANK_STATUS[1:], "001", DATE, "DX", "D1", "", False, screen=("no",)),
    replies.PatronInformationReply(
        BLANK_STATUS, "000", DATE, 1, 2, 3, 4, 5, 6, "DX", "D1", "王芳", "0005", "0001", "0010", True, False, "CNY",
        "3.50", "30.00", ("a",), ("b", "c"), ("d",), ("e",), ("f",), ("g",), "北京|大兴", "a@b.cn", "1390000", ("x",), ("y",),
    ),
    replies.CheckoutReply(
        True, True, "N", True, DATE, "DX", "D1", "DX1", "三体\r", "2026-02-12", "01", False, "CNY", "1.00", "001", "p", "t"
    ),
    replies.RenewReply(False, False, "U", False, DATE, "DX", "", "", "", "", screen=("三" * 200,)),
    replies.CheckinReply(
        True, True, "N", True, DATE, "DX", "DX1", "GMD", "三体", "A", "D1", "001", "p", "r", "I247", "HC", "01", "", "", ("x",)
    ),
    replies.ItemInformationReply(
        "03", "00", "01", DATE, "DX1", "三体", "0", "2026-02-12", DATE, DATE, "DX", "CNY", "0.00", "001", "GMD", "HC", "p"
    ),
    replies.ItemStatusUpdateReply(True, DATE, "DX1", "三体", "p"),
    replies.RenewAllReply(True, 1, 2, DATE, "DX", ("a",), ("b", "c")),
    replies.HoldReply(True, False, DATE, "DX", "D1", DATE, "2", "GMD", "DX1", "三体"),
    replies.FeePaidReply(True, DATE, "DX", "D1", "T1", ("x",)),
    replies.EndSessionReply(True, DATE, "DX", "D1", ("再见",)),
    replies.PleaseResend(),
]  # fmt: skip


def test_every_kind_of_reply_is_here() -> None:
    kinds = {code for code, layout in LAYOUTS.items() if int(code) % 2 == 0}
    assert {encode(reply)[:2].decode() for reply in FULL} == kinds


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "cp850"])
@pytest.mark.parametrize("reply", FULL, ids=lambda reply: type(reply).__name__)
def test_the_peer_reads_it(reply: Reply, encoding: str) -> None:
    line = seal(encode(reply, encoding), encoding, sequence="4", with_checksum=True)
    assert decode_message(line, encoding=encoding).message
