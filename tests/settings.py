"""The project's settings with a folder of their own for each test process; DATABASE_URL chooses PostgreSQL."""

import os
import tempfile

os.environ["SHUFANG_DATA"] = tempfile.mkdtemp(prefix="shufang-test-")

from shufang.config.settings import *  # noqa: F403  # the tests' settings are the real ones and what follows
from shufang.config.settings import DATABASES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

_SUFFIX = os.environ.get("SHUFANG_TEST_SUFFIX", "")
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    DATABASES["default"]["TEST"] = {"NAME": f"test_shufang{_SUFFIX}"}
