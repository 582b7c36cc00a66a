"""What the server knows of a logged-in terminal: its device's account, branch and library, as facts of one moment."""

from dataclasses import dataclass

from shufang.branches.models import Device
from shufang.circulation.place import Place
from shufang.sip2.dialects import DIALECTS, ENCODINGS, STANDARD, UNKNOWN, Dialect


@dataclass(frozen=True, slots=True)
class Terminal:
    """A device's account and where it stands. `encoding` is Python's name of the account's encoding.

    `is_bound`: it needs no login from its one allowed address.
    """

    device_id: int
    account: str
    password_hash: str
    encoding: str
    dialect: Dialect
    needs_pin: bool
    language: str
    branch_code: str
    branch_name: str
    branch_name_en: str
    library_code: str
    library_name: str
    library_name_en: str
    place: Place
    allowed_addresses: str = ""
    is_bound: bool = False

    def names(self, language: str) -> tuple[str, str]:
        """Return the library's and the branch's name in a language (the Chinese one where there is no English)."""
        if language == "en":
            return self.library_name_en or self.library_name, self.branch_name_en or self.branch_name
        return self.library_name, self.branch_name


def terminal_of(device: Device) -> Terminal:
    """Gather the facts of a device read with its branch and library. A dialect nobody knows is the standard one."""
    branch = device.branch
    return Terminal(
        device_id=device.pk,
        account=device.account,
        password_hash=device.password_hash,
        encoding=ENCODINGS.get(device.encoding, "utf-8"),
        dialect=DIALECTS.get(device.dialect, STANDARD),
        needs_pin=device.needs_pin,
        language=branch.language,
        branch_code=branch.code,
        branch_name=branch.name,
        branch_name_en=branch.name_en,
        library_code=branch.library.code,
        library_name=branch.library.name,
        library_name_en=branch.library.name_en,
        place=Place(branch_id=branch.pk, device_id=device.pk, is_attended=device.is_attended),
        allowed_addresses=device.allowed_addresses,
        is_bound=device.is_bound,
    )


def terminals_now() -> dict[int, Terminal]:
    """Return all enabled devices at enabled branches by id. One query."""
    devices = Device.objects.select_related("branch__library").filter(is_enabled=True, branch__is_enabled=True)
    return {device.pk: terminal_of(device) for device in devices}


STRANGER = Terminal(
    device_id=0,
    account="",
    password_hash="",
    encoding="utf-8",
    dialect=UNKNOWN,
    needs_pin=True,
    language="",
    branch_code="",
    branch_name="",
    branch_name_en="",
    library_code="",
    library_name="",
    library_name_en="",
    place=Place(branch_id=0),
)
"""A connection that has not logged in: it is told nothing about anything."""
