"""The messages that the library system answers (3M SIP 2.00, "Response messages"). Dates are as on the wire: see `dates`."""

from shufang.sip2.layout import COUNT, ONE_ZERO, TEXT, YES_NO, fixed, flag, message, optional, repeated, required


@message("94")
class LoginReply:
    """Whether the terminal is logged in."""

    ok: bool = fixed(1, ONE_ZERO)


@message("98")
class StatusReply:
    """What the server can do for this terminal. `timeout` is in tenths of a second; `supported` is BX, 16 Y or N."""

    online: bool = fixed(1, YES_NO)
    checkin: bool = fixed(1, YES_NO)
    checkout: bool = fixed(1, YES_NO)
    renewal: bool = fixed(1, YES_NO)
    status_update: bool = fixed(1, YES_NO)
    offline: bool = fixed(1, YES_NO)
    timeout: str = fixed(3, TEXT)
    retries: str = fixed(3, TEXT)
    date: str = fixed(18, TEXT)
    version: str = fixed(4, TEXT)
    institution: str = required("AO")
    supported: str = required("BX")
    library_name: str = optional("AM", default="")
    location: str = optional("AN", default="")
    screen: tuple[str, ...] = repeated("AF", default=())
    print_lines: tuple[str, ...] = repeated("AG", default=())


@message("24")
class PatronStatusReply:
    """Whether a patron may borrow. `status` is 14 characters, see `flags.patron_status`."""

    status: str = fixed(14, TEXT)
    language: str = fixed(3, TEXT)
    date: str = fixed(18, TEXT)
    institution: str = required("AO")
    patron: str = required("AA")
    name: str = required("AE")
    is_valid: bool | None = flag("BL", default=None)
    pin_is_right: bool | None = flag("CQ", default=None)
    currency: str = optional("BH", default="")
    fee: str = optional("BV", default="")
    screen: tuple[str, ...] = repeated("AF", default=())
    print_lines: tuple[str, ...] = repeated("AG", default=())


@message("26")
class PatronEnableReply:
    """The patron's state after message 25."""

    status: str = fixed(14, TEXT)
    language: str = fixed(3, TEXT)
    date: str = fixed(18, TEXT)
    institution: str = required("AO")
    patron: str = required("AA")
    name: str = required("AE")
    is_valid: bool | None = flag("BL", default=None)
    pin_is_right: bool | None = flag("CQ", default=None)
    screen: tuple[str, ...] = repeated("AF", default=())
    print_lines: tuple[str, ...] = repeated("AG", default=())


@message("64")
class PatronInformationReply:
    """A patron's state, counts and the list that was asked for (AS holds, AT overdue, AU charged, AV fine …)."""

    status: str = fixed(14, TEXT)
    language: str = fixed(3, TEXT)
    date: str = fixed(18, TEXT)
    hold_count: int = fixed(4, COUNT)
    overdue_count: int = fixed(4, COUNT)
    charged_count: int = fixed(4, COUNT)
    fine_count: int = fixed(4, COUNT)
    recall_count: int = fixed(4, COUNT)
    unavailable_count: int = fixed(4, COUNT)
    institution: str = required("AO")
    patron: str = required("AA")
    name: str = required("AE")
    hold_limit: str = optional("BZ", default="")
    overdue_limit: str = optional("CA", default="")
    charged_limit: str = optional("CB", default="")
    is_valid: bool | None = flag("BL", default=None)
    pin_is_right: bool | None = flag("CQ", default=None)
    currency: str = optional("BH", default="")
    fee: str = optional("BV", default="")
    fee_limit: str = optional("CC", default="")
    hold_items: tuple[str, ...] = repeated("AS", default=())
    overdue_items: tuple[str, ...] = repeated("AT", default=())
    charged_items: tuple[str, ...] = repeated("AU", default=())
    fine_items: tuple[str, ...] = repeated("AV", default=())
    recall_items: tuple[str, ...] = repeated("BU", default=())
    unavailable_items: tuple[str, ...] = repeated("CD", default=())
    address: str = optional("BD", default="")
    email: str = optional("BE", default="")
    phone: str = optional("BF", default="")
    screen: tuple[str, ...] = repeated("AF", default=())
    print_lines: tuple[str, ...] = repeated("AG", default=())


@message("12")
class CheckoutReply:
    """An item was lent, or why not. `magnetic` is Y, N or U (unknown); `desensitize` is N on a refusal."""

    ok: bool = fixed(1, ONE_ZERO)
    renewal_ok: bool = fixed(1, YES_NO)
    magnetic: str = fixed(1, TEXT)
    desensitize: bool = fixed(1, YES_NO)
    date: str = fixed(18, TEXT)
    institution: str = required("AO")
    patron: str = required("AA")
    item: str = required("AB")
    title: str = required("AJ")
    due: str = required("AH")
    fee_type: str = optional("BT", default="")
    security_inhibit: bool | None = flag("CI", default=None)
    currency: str = optional("BH", default="")
    fee: str = optional("BV", default="")
    media_type: str = optional("CK", default="")
    properties: str = optional("CH", default="")
    transaction: str = optional("BK", default="")
    screen: tuple[str, ...] = repeated("AF", default=())
    print_lines: tuple[str, ...] = repeated("AG", default=())


@message("30")
class RenewReply:
    """A loan was renewed, or why not; fields as in a checkout's reply."""

    ok: bool = fixed(1, ONE_ZERO)
    renewal_ok: bool = fixed(1, YES_NO)
    magnetic: str = fixed(1, TEXT)
    desensitize: bool = fixed(1, YES_NO)
    date: str = fixed(18, TEXT)
    institution: str = required("AO")
    patron: str = required("AA")
    item: str = required("AB")
    title: str = required("AJ")
    due: str = required("AH")
    fee_type: str = optional("BT", default="")
    security_inhibit: bool | None = flag("CI", default=None)
    currency: str = optional("BH", default="")
    fee: str = optional("BV", default="")
    media_type: str = optional("CK", default="")
    properties: str = optional("CH", default="")
    transaction: str = optional("BK", default="")
    screen: tuple[str, ...] = repeated("AF", default=())
    print_lines: tuple[str, ...] = repeated("AG", default=())


@message("10")
class CheckinReply:
    """An item was taken back, or why not. `alert_type` (CV): 01 hold here, 02 hold elsewhere, 03 ILL, 04 other branch, 99."""

    ok: bool = fixed(1, ONE_ZERO)
    resensitize: bool = fixed(1, YES_NO)
    magnetic: str = fixed(1, TEXT)
    alert: bool = fixed(1, YES_NO)
    date: str = fixed(18, TEXT)
    institution: str = required("AO")
    item: str = required("AB")
    permanent_location: str = required("AQ")
    title: str = optional("AJ", default="")
    sort_bin: str = optional("CL", default="")
    patron: str = optional("AA", default="")
    media_type: str = optional("CK", default="")
    properties: str = optional("CH", default="")
    collection: str = optional("CR", default="")
    call_number: str = optional("CS", default="")
    destination: str = optional("CT", default="")
    alert_type: str = optional("CV", default="")
    hold_patron: str = optional("CY", default="")
    hold_patron_name: str = optional("DA", default="")
    screen: tuple[str, ...] = repeated("AF", default=())
    print_lines: tuple[str, ...] = repeated("AG", default=())


@message("18")
class ItemInformationReply:
    """What is known of an item. `circulation`: 01 other, 03 available, 04 charged, 08 hold shelf, 10 transit, 12 lost …"""

    circulation: str = fixed(2, TEXT)
    security: str = fixed(2, TEXT)
    fee_type: str = fixed(2, TEXT)
    date: str = fixed(18, TEXT)
    item: str = required("AB")
    title: str = required("AJ")
    hold_queue: str = optional("CF", default="")
    due: str = optional("AH", default="")
    recall_date: str = optional("CJ", default="")
    pickup_date: str = optional("CM", default="")
    owner: str = optional("BG", default="")
    currency: str = optional("BH", default="")
    fee: str = optional("BV", default="")
    media_type: str = optional("CK", default="")
    permanent_location: str = optional("AQ", default="")
    current_location: str = optional("AP", default="")
    properties: str = optional("CH", default="")
    screen: tuple[str, ...] = repeated("AF", default=())
    print_lines: tuple[str, ...] = repeated("AG", default=())


@message("20")
class ItemStatusUpdateReply:
    """Whether the properties were taken."""

    ok: bool = fixed(1, ONE_ZERO)
    date: str = fixed(18, TEXT)
    item: str = required("AB")
    title: str = optional("AJ", default="")
    properties: str = optional("CH", default="")
    screen: tuple[str, ...] = repeated("AF", default=())
    print_lines: tuple[str, ...] = repeated("AG", default=())


@message("66")
class RenewAllReply:
    """Which loans were renewed (BM) and which not (BN)."""

    ok: bool = fixed(1, ONE_ZERO)
    renewed_count: int = fixed(4, COUNT)
    unrenewed_count: int = fixed(4, COUNT)
    date: str = fixed(18, TEXT)
    institution: str = required("AO")
    renewed: tuple[str, ...] = repeated("BM", default=())
    unrenewed: tuple[str, ...] = repeated("BN", default=())
    screen: tuple[str, ...] = repeated("AF", default=())
    print_lines: tuple[str, ...] = repeated("AG", default=())


@message("16")
class HoldReply:
    """A hold was placed, cancelled or changed, or why not."""

    ok: bool = fixed(1, ONE_ZERO)
    available: bool = fixed(1, YES_NO)
    date: str = fixed(18, TEXT)
    institution: str = required("AO")
    patron: str = required("AA")
    expiry: str = optional("BW", default="")
    queue_position: str = optional("BR", default="")
    pickup: str = optional("BS", default="")
    item: str = optional("AB", default="")
    title: str = optional("AJ", default="")
    screen: tuple[str, ...] = repeated("AF", default=())
    print_lines: tuple[str, ...] = repeated("AG", default=())


@message("38")
class FeePaidReply:
    """Whether the payment was recorded."""

    accepted: bool = fixed(1, YES_NO)
    date: str = fixed(18, TEXT)
    institution: str = required("AO")
    patron: str = required("AA")
    transaction: str = optional("BK", default="")
    screen: tuple[str, ...] = repeated("AF", default=())
    print_lines: tuple[str, ...] = repeated("AG", default=())


@message("36")
class EndSessionReply:
    """The session of the patron has ended."""

    ended: bool = fixed(1, YES_NO)
    date: str = fixed(18, TEXT)
    institution: str = required("AO")
    patron: str = required("AA")
    screen: tuple[str, ...] = repeated("AF", default=())
    print_lines: tuple[str, ...] = repeated("AG", default=())


@message("96")
class PleaseResend:
    """What came was damaged: send it again. Carries no AY."""


Reply = (
    LoginReply
    | StatusReply
    | PatronStatusReply
    | PatronEnableReply
    | PatronInformationReply
    | CheckoutReply
    | RenewReply
    | CheckinReply
    | ItemInformationReply
    | ItemStatusUpdateReply
    | RenewAllReply
    | HoldReply
    | FeePaidReply
    | EndSessionReply
    | PleaseResend
)
