"""A few titles with copies in two studies, for the tests of search."""

from collections.abc import Iterable
from datetime import UTC, datetime

from shufang.accounts.models import Organisation
from shufang.branches.models import Branch, Library
from shufang.catalogue.models import Item, ItemGroup, ItemKind, Title
from shufang.catalogue.search.indexable import IndexableTitle

THEN = datetime(2026, 1, 1, tzinfo=UTC)


def add_titles(titles: Iterable[IndexableTitle]) -> None:
    """Store titles with what the index knows of them; nothing is indexed."""
    Title.objects.bulk_create(
        Title(
            id=title.id,
            source="test",
            control_number=str(title.id),
            title=title.title,
            title_romanised=title.title_romanised,
            volume=title.volume,
            author=title.author,
            author_romanised=title.author_romanised,
            responsibility=title.responsibility,
            publisher="".join(title.publishers[:1]),
            series="".join(title.series[:1]),
            subjects=list(title.subjects),
            class_number="".join(title.call_numbers[:1]),
            language=title.language,
            year=title.year,
            main_class_id=title.main_class or None,
            material=title.material,
            popularity=title.popularity,
            is_suppressed=title.is_suppressed,
            created_at=THEN,
            updated_at=THEN,
        )
        for title in titles
    )


class Shelves:
    """A library with two studies, GMD and HC, and copies put on their shelves."""

    def __init__(self) -> None:
        """Store library, studies and the kind of item."""
        district = Organisation.objects.create(name="Daxing District Library")
        self.library = Library.objects.create(code="DX", name="大兴区图书馆", organisation=district)
        self.branches = {
            code: Branch.objects.create(
                code=code, name=name, name_en=name_en, kind=Branch.Kind.CITY_STUDY, library=self.library
            )
            for code, name, name_en in (("GMD", "高米店书房", "Gaomidian"), ("HC", "黄村书房", "Huangcun"))
        }
        group = ItemGroup.objects.create(code="books", name="图书", name_en="Books")
        self.kind = ItemKind.objects.create(code="book", name="图书", name_en="Book", group=group)

    def put(self, title_id: int, branch: str, status: str = "available", call_number: str = "") -> Item:
        """Store one more copy of a title."""
        return Item.objects.create(
            barcode=f"DX{Item.objects.count():08}",
            title_id=title_id,
            library=self.library,
            home_branch=self.branches[branch],
            current_branch=self.branches[branch],
            kind=self.kind,
            call_number=call_number,
            status=status,
            status_since=THEN,
            created_at=THEN,
        )


CAST = (
    IndexableTitle(1, "三体", author="刘慈欣", responsibility="刘慈欣著", publishers=("重庆出版社",), language="chi",
                   year=2008, main_class="I", identifiers=("9787536692930",), popularity=90),
    IndexableTitle(2, "三體II : 黑暗森林", author="劉慈欣", publishers=("重慶出版社",), language="chi", year=2008,
                   main_class="I", popularity=80),
    IndexableTitle(3, "中国历史", author="吕思勉", publishers=("中华书局",), language="chi", year=1999,
                   main_class="K", call_numbers=("K20/123",), popularity=5),
    IndexableTitle(4, "中國歷史地理", title_romanised="Zhongguo li shi di li", publishers=("中華書局",), language="chi",
                   year=1999, main_class="K", popularity=50),
    IndexableTitle(5, "论中国历史", publishers=("中華書局",), language="chi", year=2001, main_class="K", popularity=60),
    IndexableTitle(6, "History of China", author="Keay, John", publishers=("HarperPress",), language="eng", year=2008,
                   main_class="K", call_numbers=("DS735 .K43 2008",), subjects=("China--History",)),
    IndexableTitle(7, "重庆火锅", author="中国历史学会", publishers=("重庆出版社",), language="chi", year=2010,
                   main_class="T", popularity=70),
    IndexableTitle(8, "吃的艺术", series=("中国历史小丛书",), publishers=("三联书店",), language="chi", year=2010,
                   main_class="T", popularity=99),
    IndexableTitle(9, "女人", author="鲁迅", language="chi", material="periodical", identifiers=("1000-1234",)),
    IndexableTitle(10, "密档", language="chi", is_suppressed=True),
)  # fmt: skip
