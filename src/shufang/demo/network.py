"""The demonstration's network: organisations, libraries, branches, kinds, rules, machines and staff of Daxing.

Names of places are real, everything else (numbers, the company, addresses of machines) is invented.
"""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from shufang.accounts.models import Organisation, User
from shufang.branches.devices import hash_password
from shufang.branches.models import Branch, Device, Library
from shufang.catalogue.models import ItemGroup, ItemKind
from shufang.demo import cards_at_machines, rules

PASSWORD = "demo"  # noqa: S105  # the demonstration says so on its first line, and `serve` refuses it
STAFF = ("librarian", "operator", "district")

ORGANISATIONS = (
    ("DX", "大兴区图书馆", "Daxing District Library", Organisation.Kind.LIBRARY),
    ("SD", "首都图书馆", "Capital Library", Organisation.Kind.LIBRARY),
    ("YY", "城市书房运营公司（示例）", "City Study Company (example)", Organisation.Kind.OPERATOR),
    ("DXQ", "大兴区文化和旅游局", "Daxing District, Culture and Tourism", Organisation.Kind.DISTRICT),
)
LIBRARIES = (
    ("DX", "CN-110115-DX", "大兴区图书馆", "Daxing District Library"),
    ("SD", "CN-110000-SD", "首都图书馆", "Capital Library"),
)
"""Code, ISIL (the pattern of ISO 15511, the numbers invented), names."""

_K = Branch.Kind
BRANCHES: tuple[tuple[str, str, str, Branch.Kind, str, str, str], ...] = (
    ("DX", "大兴区图书馆", "Daxing District Library", _K.MAIN_LIBRARY, "DX", "1", "大兴区黄村西大街"),
    ("GMD", "高米店城市书房", "Gaomidian City Study", _K.CITY_STUDY, "DX", "", "大兴区高米店北"),
    ("HC", "黄村城市书房", "Huangcun City Study", _K.CITY_STUDY, "DX", "", "大兴区兴华大街"),
    ("YZ", "亦庄城市书房", "Yizhuang City Study", _K.CITY_STUDY, "DX", "", "大兴区亦庄文化园"),
    ("XHM", "西红门分馆", "Xihongmen Branch", _K.LIBRARY_BRANCH, "DX", "1", "大兴区西红门镇"),
    ("QY", "清源分馆", "Qingyuan Branch", _K.LIBRARY_BRANCH, "DX", "1", "大兴区清源街道"),
    ("SD", "首都图书馆", "Capital Library", _K.MAIN_LIBRARY, "SD", "1", "朝阳区东三环南路"),
)
"""Code, names, kind, library, weekdays on which it is closed, address."""

STUDIES = ("GMD", "HC", "YZ")

GROUPS = (("books", "图书", "Books"), ("periodicals", "期刊", "Periodicals"), ("foreign", "外文图书", "Foreign books"))
ITEM_KINDS: tuple[tuple[str, str, str, str, bool], ...] = (
    ("book", "图书", "Book", "books", True),
    ("children", "少儿图书", "Children's book", "books", True),
    ("periodical", "期刊", "Periodical", "periodicals", True),
    ("foreign", "外文图书", "Foreign book", "foreign", True),
    ("reference", "工具书", "Reference work", "books", False),
)
"""Code, names, group, for loan."""

DEVICES = (
    ("gmd-1", "高米店 1 号自助机", "GMD", "utf-8", False, Device.Kind.SELF_CHECK),
    ("gmd-2", "高米店 2 号自助机", "GMD", "utf-8", False, Device.Kind.SELF_CHECK),
    ("gmd-gbk", "高米店老式自助机", "GMD", "gb18030", False, Device.Kind.SELF_CHECK),
    ("dx-1", "总馆 1 号自助机", "DX", "utf-8", True, Device.Kind.SELF_CHECK),
    ("gmd-kiosk", "高米店触摸屏", "GMD", "utf-8", False, Device.Kind.KIOSK),
)
"""Account, name, branch, encoding, whether staff stand beside it, what it does."""


def lay_out(now: datetime) -> None:
    """Make the network in one transaction, once: where library DX exists nothing is changed."""
    with transaction.atomic():
        if Library.objects.filter(code="DX").exists():
            return
        organisations = _organisations()
        libraries = _libraries(organisations)
        branches = _branches(libraries, organisations["YY"])
        _item_kinds()
        kinds = rules.card_kinds()
        rules.policies(libraries, kinds)
        rules.agreements(libraries)
        _devices(branches)
        _staff(organisations, now)
        cards_at_machines.lay_out()


def _organisations() -> dict[str, Organisation]:
    rows = Organisation.objects.bulk_create(
        Organisation(code=code, name=name, name_en=english, kind=kind) for code, name, english, kind in ORGANISATIONS
    )
    return {row.code: row for row in rows}


def _libraries(organisations: dict[str, Organisation]) -> dict[str, Library]:
    rows = Library.objects.bulk_create(
        Library(code=code, isil=isil, name=name, name_en=english, organisation=organisations[code])
        for code, isil, name, english in LIBRARIES
    )
    return {row.code: row for row in rows}


def _branches(libraries: dict[str, Library], operator: Organisation) -> dict[str, Branch]:
    rows = Branch.objects.bulk_create(
        Branch(
            code=code,
            name=name,
            name_en=english,
            kind=kind,
            library=libraries[library],
            operator=operator if kind == _K.CITY_STUDY else None,
            address=address,
            always_open=kind == _K.CITY_STUDY,
            closed_weekdays=closed,
            closed_on_holidays=kind == _K.LIBRARY_BRANCH,
        )
        for code, name, english, kind, library, closed, address in BRANCHES
    )
    return {row.code: row for row in rows}


def _item_kinds() -> None:
    groups = {
        row.code: row
        for row in ItemGroup.objects.bulk_create(
            ItemGroup(code=code, name=name, name_en=english) for code, name, english in GROUPS
        )
    }
    ItemKind.objects.bulk_create(
        ItemKind(code=code, name=name, name_en=english, group=groups[group], is_for_loan=lends)
        for code, name, english, group, lends in ITEM_KINDS
    )


def _devices(branches: dict[str, Branch]) -> None:
    """The machines ask for no PIN of their own accord: a PIN that is given must be right."""
    Device.objects.bulk_create(
        Device(
            account=account,
            name=name,
            branch=branches[branch],
            encoding=encoding,
            is_attended=attended,
            kind=kind,
            needs_pin=False,
            password_hash=hash_password(PASSWORD),
        )
        for account, name, branch, encoding, attended, kind in DEVICES
    )


def _staff(organisations: dict[str, Organisation], now: datetime) -> None:
    """Only the librarian enters the admin."""
    password = make_password(PASSWORD)
    people = (
        ("librarian", "DX", User.Role.LIBRARIAN, "图书馆员"),
        ("operator", "YY", User.Role.OPERATOR, "店长"),
        ("district", "DXQ", User.Role.DISTRICT, "区文旅局"),
    )
    User.objects.bulk_create(
        User(
            username=name,
            password=password,
            organisation=organisations[code],
            role=role,
            first_name=shown,
            is_staff=role == User.Role.LIBRARIAN,
            is_superuser=role == User.Role.LIBRARIAN,
            date_joined=now,
        )
        for name, code, role, shown in people
    )
