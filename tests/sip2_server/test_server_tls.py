"""SIP2 on TLS: the same conversation, and old or plain callers are turned away."""

import ssl
import subprocess
from pathlib import Path

import pytest

from shufang.sip2 import replies
from shufang.sip2_server.configuration import Configuration, ConfigurationError, Listener
from shufang.sip2_server.server import start
from tests.sip2_server import asking
from tests.sip2_server.cast import ITEMS, TITLE
from tests.sip2_server.conftest import Starter
from tests.sip2_server.wire import Wire


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a certificate for localhost and its key."""
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost "
        "-addext subjectAltName=DNS:localhost"
    )
    try:
        done = subprocess.run(
            [*command.split(), "-keyout", str(key), "-out", str(certificate)], capture_output=True, check=False
        )
    except FileNotFoundError:
        pytest.skip("openssl is not on this machine")
    assert done.returncode == 0, done.stderr
    return certificate, key


def test_a_visit_on_tls(start_server: Starter, certificate: tuple[Path, Path]) -> None:
    server = start_server(certificate=certificate[0], key=certificate[1])
    context = ssl.create_default_context(cafile=str(certificate[0]))
    with Wire(server.addresses[0], context=context) as wire:
        assert isinstance(wire.socket, ssl.SSLSocket)
        assert wire.socket.version() == "TLSv1.3"
        assert wire.ask(asking.checkout(ITEMS[0]), replies.CheckoutReply).title == TITLE
        many = [asking.item(ITEMS[number % 20]) for number in range(400)]
        wire.send(b"".join(wire.sealed(message) for message in many))
        assert all(TITLE.encode() in wire.line() for _ in many)


def test_a_plain_caller_disturbs_nobody(start_server: Starter, certificate: tuple[Path, Path]) -> None:
    server = start_server(certificate=certificate[0], key=certificate[1])
    with pytest.raises((AssertionError, ConnectionError)), Wire(server.addresses[0]):
        pass
    context = ssl.create_default_context(cafile=str(certificate[0]))
    with Wire(server.addresses[0], context=context) as wire:
        assert wire.ask(asking.item(ITEMS[0]), replies.ItemInformationReply).title == TITLE


def test_bad_files_are_a_plain_sentence(tmp_path: Path) -> None:
    bad = tmp_path / "bad.pem"
    bad.write_text("nothing")
    with pytest.raises(ConfigurationError, match="certificate"):
        start(Configuration((Listener("127.0.0.1", 0, bad, bad),), tmp_path / "status.json"))


def test_a_certificate_that_is_no_pem_file_is_told(tmp_path: Path) -> None:
    file = tmp_path / "certificate.pem"
    file.write_text("nothing of the kind")
    with pytest.raises(ConfigurationError, match="cannot be used: no PEM file"):
        start(Configuration((Listener("127.0.0.1", 0, file, file),), tmp_path / "status.json"))
