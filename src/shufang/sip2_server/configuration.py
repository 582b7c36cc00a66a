"""What the server is told: where it listens and what it allows. From Django's settings, or made by hand in tests."""

import ssl
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Listener:
    """One address. Port 0 takes any free one. With `certificate` and `key` (PEM files) it speaks TLS."""

    host: str
    port: int
    certificate: Path | None = None
    key: Path | None = None
    status_before_login: bool = False

    def tls(self) -> ssl.SSLContext | None:
        """Return the TLS context, 1.2 or newer; None for plain TCP. OSError or ssl.SSLError for bad files."""
        if self.certificate is None:
            return None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.certificate, self.key)
        return context


@dataclass(frozen=True, slots=True)
class Configuration:
    """Limits are for each connection; seconds; `status_file` is where `sip2_status` and the health page look."""

    listeners: tuple[Listener, ...]
    status_file: Path
    idle_seconds: float = 600.0
    login_seconds: float = 300.0
    connections_an_address: int = 64
    longest_line: int = 4096
    refresh_seconds: float = 5.0
    stop_seconds: float = 10.0
    readers: int = field(default=4)
    writers: int = field(default=8)


def configuration(*, host: str | None = None, port: int | None = None, tls_port: int | None = None) -> Configuration:
    """Return the configuration of Django's settings; what is given stands before them."""
    host = host or settings.SHUFANG_SIP2_HOST
    before_login = bool(settings.SHUFANG_SIP2_STATUS_BEFORE_LOGIN)
    listeners = [Listener(host, settings.SHUFANG_SIP2_PORT if port is None else port, status_before_login=before_login)]
    secure = settings.SHUFANG_SIP2_TLS_PORT if tls_port is None else tls_port
    if secure is not None:
        if not settings.SHUFANG_SIP2_CERTIFICATE or not settings.SHUFANG_SIP2_KEY:
            raise ConfigurationError(
                "TLS needs a certificate and its key: set SHUFANG_SIP2_CERTIFICATE and SHUFANG_SIP2_KEY."
            )
        listeners.append(
            Listener(host, secure, settings.SHUFANG_SIP2_CERTIFICATE, settings.SHUFANG_SIP2_KEY, before_login)
        )
    return Configuration(
        listeners=tuple(listeners),
        status_file=status_file(),
        idle_seconds=float(settings.SHUFANG_SIP2_IDLE_SECONDS),
        login_seconds=min(300.0, float(settings.SHUFANG_SIP2_IDLE_SECONDS)),
        connections_an_address=int(settings.SHUFANG_SIP2_CONNECTIONS_AN_ADDRESS),
    )


def status_file() -> Path:
    """Return where the server on this machine tells how it is."""
    folder: Path = settings.SHUFANG_DATA
    return folder / "sip2_status.json"


class ConfigurationError(Exception):
    """The server cannot start as it is told; the message is a plain sentence."""
