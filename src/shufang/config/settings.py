"""Django's settings, all from environment variables: docs/settings.md lists them."""

import sys
from pathlib import Path

from shufang.config import environment as env
from shufang.config.backups.in_use import is_in_use
from shufang.config.keys import check_of, load_or_create
from shufang.config.languages import compiled
from shufang.kernel.identifiers import keyed_hash

PACKAGE = Path(__file__).resolve().parent.parent

try:
    SHUFANG_DATA = env.read("SHUFANG_DATA", Path.cwd() / "data", env.folder)
    SHUFANG_NAME = env.read("SHUFANG_NAME", "阅读大兴", str)
    SHUFANG_NAME_EN = env.read("SHUFANG_NAME_EN", "Reading Daxing", str)
    DEBUG = env.read("SHUFANG_DEBUG", default=False, turn=env.boolean)
    _KEYS_FILE = env.read("SHUFANG_KEYS", SHUFANG_DATA / "keys.json", lambda text: Path(text).expanduser().resolve())
    SHUFANG_BACKUPS = env.read("SHUFANG_BACKUPS", SHUFANG_DATA / "backups", env.makeable_folder)
    SHUFANG_KEY_COPIES = env.read("SHUFANG_KEY_COPIES", None, env.folder)
    SHUFANG_HTTP_HOST = env.read("SHUFANG_HTTP_HOST", "127.0.0.1", str)
    SHUFANG_HTTP_PORT = env.read("SHUFANG_HTTP_PORT", 8000, env.port)
    SHUFANG_SIP2_HOST = env.read("SHUFANG_SIP2_HOST", "127.0.0.1", str)
    SHUFANG_SIP2_PORT = env.read("SHUFANG_SIP2_PORT", 6001, env.port)
    SHUFANG_SIP2_TLS_PORT = env.read("SHUFANG_SIP2_TLS_PORT", None, env.port)
    SHUFANG_SIP2_CERTIFICATE = env.read("SHUFANG_SIP2_CERTIFICATE", None, env.file)
    SHUFANG_SIP2_KEY = env.read("SHUFANG_SIP2_KEY", None, env.file)
    SHUFANG_SIP2_STATUS_BEFORE_LOGIN = env.read("SHUFANG_SIP2_STATUS_BEFORE_LOGIN", default=False, turn=env.boolean)
    SHUFANG_SIP2_IDLE_SECONDS = env.read("SHUFANG_SIP2_IDLE_SECONDS", 600, env.whole_number(5, 86400))
    SHUFANG_SIP2_CONNECTIONS_AN_ADDRESS = env.read(
        "SHUFANG_SIP2_CONNECTIONS_AN_ADDRESS", 64, env.whole_number(1, 100000)
    )
    SHUFANG_JOBS_SECONDS = env.read("SHUFANG_JOBS_SECONDS", 60, env.whole_number(10, 86400))
    SHUFANG_SETTLED_CHARGE_DAYS = env.read("SHUFANG_SETTLED_CHARGE_DAYS", 30, env.whole_number(0, 3650))
    SHUFANG_CONFLICT_DAYS = env.read("SHUFANG_CONFLICT_DAYS", 30, env.whole_number(0, 3650))
    SHUFANG_CLOSED_PATRON_DAYS = env.read("SHUFANG_CLOSED_PATRON_DAYS", 90, env.whole_number(0, 3650))
    ALLOWED_HOSTS = env.read("SHUFANG_ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"], env.words)
    CSRF_TRUSTED_ORIGINS: list[str] = env.read("SHUFANG_TRUSTED_ORIGINS", [], env.origins)
    TIME_ZONE = env.read("SHUFANG_TIME_ZONE", "Asia/Shanghai", env.time_zone)
    LANGUAGE_CODE = env.read("SHUFANG_LANGUAGE", "zh-hans", env.one_of("zh-hans", "en"))
    SHUFANG_CURRENCY = env.read("SHUFANG_CURRENCY", "CNY", env.one_of("CNY", "HKD", "MOP", "TWD", "EUR", "GBP", "USD"))
    SHUFANG_PAYMENT_PROVIDER = env.read("SHUFANG_PAYMENT_PROVIDER", "", str)
    SHUFANG_HTTPS = env.read("SHUFANG_HTTPS", default=False, turn=env.boolean)
    SHUFANG_PROXY = env.read("SHUFANG_PROXY", "127.0.0.1", env.ip_address)
    SHUFANG_CARD_AUTHORITY = env.read("SHUFANG_CARD_AUTHORITY", "local", env.one_of("local", "centre"))
    SHUFANG_CARD_CENTRE_URL = env.read("SHUFANG_CARD_CENTRE_URL", "", env.address)
    SHUFANG_CARD_CENTRE_ACCOUNT = env.read("SHUFANG_CARD_CENTRE_ACCOUNT", "", str)
    _CARD_CENTRE_KEY = env.read("SHUFANG_CARD_CENTRE_KEY", "", env.secret(32))
    SHUFANG_CARD_CENTRE_SECONDS = env.read("SHUFANG_CARD_CENTRE_SECONDS", 2, env.whole_number(1, 30))
    if SHUFANG_CARD_AUTHORITY == "centre" and not (SHUFANG_CARD_CENTRE_URL and _CARD_CENTRE_KEY):
        raise env.WrongSettingError(
            "SHUFANG_CARD_AUTHORITY='centre' cannot be used: set SHUFANG_CARD_CENTRE_URL and SHUFANG_CARD_CENTRE_KEY."
        )
    _MAIL = env.read("SHUFANG_MAIL_URL", None, env.mail)
    DEFAULT_FROM_EMAIL = env.read("SHUFANG_MAIL_FROM", "shufang@localhost", env.mail_address)
    _POSTGRESQL = env.read("DATABASE_URL", None, env.postgresql)
    _POOL = env.read("SHUFANG_POOL", 16, env.whole_number(2, 500))
    SHUFANG_NEW_KEYS = env.read("SHUFANG_NEW_KEYS", default=False, turn=env.boolean)
except env.WrongSettingError as _error:
    sys.stderr.write(f"{_error}\n")
    raise

SHUFANG_CARD_CENTRE_KEY = keyed_hash(_CARD_CENTRE_KEY.encode(), b"requests") if _CARD_CENTRE_KEY else b""
SHUFANG_CITY_KEY = keyed_hash(_CARD_CENTRE_KEY.encode(), b"persons") if _CARD_CENTRE_KEY else b""

INSTALLED_APPS = [
    "shufang.config.apps.ConfigConfig",
    "shufang.demo",
    "shufang.web",
    "shufang.sip2_server",
    "shufang.jobs",
    "shufang.circulation",
    "shufang.registration",
    "shufang.lists",
    "shufang.money",
    "shufang.notices",
    "shufang.catalogue",
    "shufang.patrons",
    "shufang.branches",
    "shufang.accounts",
    "shufang.audit",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "shufang.web.languages.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "shufang.web.content_security.ContentSecurityMiddleware",
]
ROOT_URLCONF = "shufang.config.urls"
WSGI_APPLICATION = "shufang.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shufang.web.house.house",
            ],
            "libraries": {"reader_app": "shufang.web.reader.app_tag"},  # it knows the reader, as no other tag does
        },
    }
]

if _POSTGRESQL is None:
    DATABASES = {
        "default": {
            "ENGINE": "shufang.database.sqlite3",
            "NAME": SHUFANG_DATA / "shufang.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; "
                    "PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON"
                ),
            },
            "TEST": {"NAME": SHUFANG_DATA / "test.sqlite3"},
        }
    }
else:
    _OPTIONS = _POSTGRESQL.pop("options")
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            **_POSTGRESQL,
            "CONN_MAX_AGE": 0,
            "OPTIONS": {
                **_OPTIONS,  # type: ignore[dict-item]  # parse_qsl gives strings
                "server_side_binding": True,
                "prepare_threshold": 1,
                "pool": {"min_size": 2, "max_size": _POOL, "timeout": 20},
            },
        }
    }
try:
    SHUFANG_DATA.mkdir(parents=True, exist_ok=True, mode=0o700)
    _KEYS = load_or_create(
        _KEYS_FILE,
        may_make=lambda: SHUFANG_NEW_KEYS or not is_in_use(DATABASES["default"]),
        may_make_folder=not env.is_set("SHUFANG_KEYS"),
    )
except (ValueError, OSError) as _error:
    _named = ("SHUFANG_KEYS", _KEYS_FILE) if env.is_set("SHUFANG_KEYS") else ("SHUFANG_DATA", SHUFANG_DATA)
    _wrong = env.WrongSettingError(f"{_named[0]}={str(_named[1])!r} cannot be used: {_error}.")
    sys.stderr.write(f"{_wrong}\n")
    raise _wrong from _error
SECRET_KEY = _KEYS["secret_key"]
SHUFANG_KEYS_FILE = _KEYS_FILE
SHUFANG_KEY_CHECK = check_of(_KEYS)
SHUFANG_PIN_KEY = bytes.fromhex(_KEYS["pin_key"])
SHUFANG_IDENTITY_KEY = bytes.fromhex(_KEYS["identity_key"])
SHUFANG_LOG_KEY = bytes.fromhex(_KEYS["log_key"])
SHUFANG_CODE_KEY = keyed_hash(SECRET_KEY.encode(), b"codes that phones and kiosks show")

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "admin:login"

USE_TZ = True
USE_I18N = True
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [compiled(PACKAGE / "locale", SHUFANG_DATA / "locale")]
LANGUAGE_COOKIE_NAME = "shufang_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = SHUFANG_HTTPS

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "shufang_staff"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SHUFANG_HTTPS
SESSION_COOKIE_AGE = 12 * 3600
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"  # readers have no session of Django
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = SHUFANG_HTTPS
SECURE_HSTS_SECONDS = 31536000 if SHUFANG_HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

if _MAIL is None:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
else:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = str(_MAIL["host"]), int(str(_MAIL["port"]))
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = str(_MAIL["user"]), str(_MAIL["password"])
    EMAIL_USE_SSL, EMAIL_USE_TLS = bool(_MAIL["ssl"]), bool(_MAIL["starttls"])
EMAIL_TIMEOUT = 10

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "bare": {"format": "%(message)s"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "plain"},
        "lines": {"class": "logging.StreamHandler", "formatter": "bare"},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "shufang": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "shufang.sip2.messages": {"handlers": ["lines"], "level": "INFO", "propagate": False},
    },
}
