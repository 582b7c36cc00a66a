"""The memory of a SIP2 server with ten thousand idle TCP connections, and with a thousand on TLS."""

import resource
import socket
import ssl
import subprocess
from pathlib import Path

from bench import messages
from bench.programs import free_port, running, shufang
from bench.report import Ratio, Report
from bench.scratch import Scratch, drop, fresh_copy, prepare

PLAIN = 10_000
SECURE = 1_000


def _login(connection: socket.socket) -> None:
    connection.sendall(messages.login())
    if not connection.recv(100).startswith(b"941"):
        raise RuntimeError("the server refused the login")


def _plain(scratch: Scratch) -> float:
    port = free_port()
    with running(scratch, shufang("sip2", "--port", str(port)), port) as server:
        # More than 28,000 ports of one pair of addresses there are not; the loopback has many addresses.
        lines = [
            socket.create_connection(("127.0.0.1", port), 30, source_address=(f"127.0.1.{1 + n % 200}", 0))
            for n in range(PLAIN)
        ]
        for line in lines:
            _login(line)
        found = server.resident_megabytes()
        for line in lines:
            line.close()
    return found


def _secure(scratch: Scratch) -> float:
    certificate, key = scratch.folder / "certificate.pem", scratch.folder / "key.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost"
    subprocess.run([*command.split(), "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    context = ssl.create_default_context(cafile=str(certificate))
    context.check_hostname = False
    port, plain = free_port(), free_port()
    more = {
        "SHUFANG_SIP2_TLS_PORT": str(port),
        "SHUFANG_SIP2_CERTIFICATE": str(certificate),
        "SHUFANG_SIP2_KEY": str(key),
    }
    with running(scratch, shufang("sip2", "--port", str(plain)), port, **more) as server:
        lines = []
        for _ in range(SECURE):
            raw = socket.create_connection(("127.0.0.1", port), 30)
            line = context.wrap_socket(raw)
            _login(line)
            lines.append(line)
        found = server.resident_megabytes()
        for line in lines:
            line.close()
    return found


def measure(folder: Path, runs: int) -> list[Report]:
    """Measure once each: memory hardly varies."""
    del runs
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if hard != resource.RLIM_INFINITY and hard < PLAIN + 500:
        return [Report("Idle connections", left_out=f"the system allows only {hard} open files")]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    base = prepare(folder / "base", postgresql=False, checkouts=10)
    plain = _plain(fresh_copy(base, folder / "run"))
    secure = _secure(fresh_copy(base, folder / "run"))
    drop(base)
    return [
        Report(
            "Idle connections, logged in",
            [
                Ratio(f"{PLAIN:,} on TCP: resident memory (MB)", plain, most=300),
                Ratio(f"{SECURE:,} on TLS: resident memory (MB)", secure, most=400),
            ],
        )
    ]
