"""One setting makes every cookie stay on HTTPS."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ASK = (
    "import json, django; django.setup(); from django.conf import settings as s;"
    "print(json.dumps([s.SHUFANG_HTTPS, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_SECURE, s.LANGUAGE_COOKIE_SECURE,"
    " s.SECURE_SSL_REDIRECT, bool(s.SECURE_HSTS_SECONDS)]))"
)


@pytest.mark.parametrize("https", [True, False])
def test_cookies_follow_the_setting(tmp_path: Path, *, https: bool) -> None:
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("SHUFANG_")},
        "DJANGO_SETTINGS_MODULE": "shufang.config.settings",
        "SHUFANG_DATA": str(tmp_path),
        "SHUFANG_HTTPS": str(int(https)),
    }
    asked = subprocess.run([sys.executable, "-c", ASK], env=environ, capture_output=True, text=True, check=True)
    assert json.loads(asked.stdout) == [https] * 6
