"""Each runtime dependency has its reason in docs/decisions."""

import re
import tomllib
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    names = {re.split(r"[\[<>=]", wanted)[0].lower() for wanted in project["project"]["dependencies"]}
    pages = " ".join(path.read_text(encoding="utf-8").lower() for path in (REPOSITORY / "docs/decisions").glob("0*.md"))
    assert len(names) > 5
    assert {name for name in names if not re.search(rf"\b{re.escape(name)}\b", pages)} == set()
