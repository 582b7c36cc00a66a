"""The messages that a terminal sends (3M SIP 2.00, "Command messages"). Dates are as on the wire, 18 characters: see `dates`."""

from shufang.sip2.layout import TEXT, YES_NO, fixed, flag, message, optional, required


@message("93")
class LoginRequest:
    """Opens a session. Algorithm 0 is plain text; there is no other."""

    user_algorithm: str = fixed(1, TEXT)
    password_algorithm: str = fixed(1, TEXT)
    account: str = required("CN")
    password: str = required("CO")
    location: str = optional("CP", default="")


@message("99")
class StatusRequest:
    """What the terminal is; answered with what the server can do. Status 0 ok, 1 out of paper, 2 about to shut down."""

    status: str = fixed(1, TEXT)
    print_width: str = fixed(3, TEXT)
    version: str = fixed(4, TEXT)


@message("23")
class PatronStatusRequest:
    """Asks whether a patron may borrow."""

    language: str = fixed(3, TEXT)
    date: str = fixed(18, TEXT)
    institution: str = required("AO")
    patron: str = required("AA")
    terminal_password: str = required("AC")
    pin: str = required("AD")


@message("63")
class PatronInformationRequest:
    """Asks for a patron's loans, holds and charges; `summary` has Y at the list that is wanted."""

    language: str = fixed(3, TEXT)
    date: str = fixed(18, TEXT)
    summary: str = fixed(10, TEXT)
    institution: str = required("AO")
    patron: str = required("AA")
    terminal_password: str = optional("AC", default="")
    pin: str = optional("AD", default="")
    start: str = optional("BP", default="")
    end: str = optional("BQ", default="")


@message("11")
class CheckoutRequest:
    """Lends an item, or (`cancel`) takes back a checkin that the terminal could not finish."""

    may_renew: bool = fixed(1, YES_NO)
    no_block: bool = fixed(1, YES_NO)
    date: str = fixed(18, TEXT)
    no_block_due: str = fixed(18, TEXT)
    institution: str = required("AO")
    patron: str = required("AA")
    item: str = required("AB")
    terminal_password: str = required("AC")
    properties: str = optional("CH", default="")
    pin: str = optional("AD", default="")
    fee_acknowledged: bool | None = flag("BO", default=None)
    cancel: bool | None = flag("BI", default=None)


@message("09")
class CheckinRequest:
    """Takes an item back, or (`cancel`) undoes a checkout that the terminal could not finish."""

    no_block: bool = fixed(1, YES_NO)
    date: str = fixed(18, TEXT)
    return_date: str = fixed(18, TEXT)
    location: str = required("AP")
    institution: str = required("AO")
    item: str = required("AB")
    terminal_password: str = required("AC")
    properties: str = optional("CH", default="")
    cancel: bool | None = flag("BI", default=None)


@message("17")
class ItemInformationRequest:
    """Asks about an item."""

    date: str = fixed(18, TEXT)
    institution: str = required("AO")
    item: str = required("AB")
    terminal_password: str = optional("AC", default="")


@message("19")
class ItemStatusUpdateRequest:
    """Tells properties of an item."""

    date: str = fixed(18, TEXT)
    institution: str = required("AO")
    item: str = required("AB")
    properties: str = required("CH")
    terminal_password: str = optional("AC", default="")


@message("29")
class RenewRequest:
    """Renews one loan, by item or by title."""

    third_party: bool = fixed(1, YES_NO)
    no_block: bool = fixed(1, YES_NO)
    date: str = fixed(18, TEXT)
    no_block_due: str = fixed(18, TEXT)
    institution: str = required("AO")
    patron: str = required("AA")
    pin: str = optional("AD", default="")
    item: str = optional("AB", default="")
    title: str = optional("AJ", default="")
    terminal_password: str = optional("AC", default="")
    properties: str = optional("CH", default="")
    fee_acknowledged: bool | None = flag("BO", default=None)


@message("65")
class RenewAllRequest:
    """Renews all loans of a patron that can be renewed."""

    date: str = fixed(18, TEXT)
    institution: str = required("AO")
    patron: str = required("AA")
    pin: str = optional("AD", default="")
    terminal_password: str = optional("AC", default="")
    fee_acknowledged: bool | None = flag("BO", default=None)


@message("15")
class HoldRequest:
    """Places (`+`), cancels (`-`) or changes (`*`) a hold, by item or by title."""

    mode: str = fixed(1, TEXT)
    date: str = fixed(18, TEXT)
    institution: str = required("AO")
    patron: str = required("AA")
    expiry: str = optional("BW", default="")
    pickup: str = optional("BS", default="")
    hold_type: str = optional("BY", default="")
    pin: str = optional("AD", default="")
    item: str = optional("AB", default="")
    title: str = optional("AJ", default="")
    terminal_password: str = optional("AC", default="")
    fee_acknowledged: bool | None = flag("BO", default=None)


@message("37")
class FeePaidRequest:
    """Tells that a patron has paid at the terminal."""

    date: str = fixed(18, TEXT)
    fee_type: str = fixed(2, TEXT)
    payment_type: str = fixed(2, TEXT)
    currency: str = fixed(3, TEXT)
    amount: str = required("BV")
    institution: str = required("AO")
    patron: str = required("AA")
    terminal_password: str = optional("AC", default="")
    pin: str = optional("AD", default="")
    fee: str = optional("CG", default="")
    transaction: str = optional("BK", default="")


@message("25")
class PatronEnableRequest:
    """Lifts the blocks that message 01 placed."""

    date: str = fixed(18, TEXT)
    institution: str = required("AO")
    patron: str = required("AA")
    terminal_password: str = optional("AC", default="")
    pin: str = optional("AD", default="")


@message("01")
class BlockPatronRequest:
    """Blocks a patron, as when a card was left behind."""

    card_retained: bool = fixed(1, YES_NO)
    date: str = fixed(18, TEXT)
    institution: str = required("AO")
    reason: str = required("AL")
    patron: str = required("AA")
    terminal_password: str = required("AC")


@message("35")
class EndSessionRequest:
    """The patron goes."""

    date: str = fixed(18, TEXT)
    institution: str = required("AO")
    patron: str = required("AA")
    terminal_password: str = optional("AC", default="")
    pin: str = optional("AD", default="")


@message("97")
class ResendRequest:
    """The last reply did not arrive whole. Carries no AY."""


Request = (
    LoginRequest
    | StatusRequest
    | PatronStatusRequest
    | PatronInformationRequest
    | CheckoutRequest
    | CheckinRequest
    | ItemInformationRequest
    | ItemStatusUpdateRequest
    | RenewRequest
    | RenewAllRequest
    | HoldRequest
    | FeePaidRequest
    | PatronEnableRequest
    | BlockPatronRequest
    | EndSessionRequest
    | ResendRequest
)
