"""What all tests share: the real data beside the repository, and which engine they run on."""

import os
from pathlib import Path

import pytest

_BESIDE = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real records; skipped where a user has none, a failure in CI."""
    folder = Path(os.environ.get("SHUFANG_TEST_DATA", _BESIDE))
    if not folder.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail(f"the real data is missing: {folder}")
        pytest.skip("the real data is not on this machine")
    return folder
