"""A browser's bare minimum over http.client: one kept connection, cookies, the CSRF token of a form."""

import http.client
import re
from urllib.parse import urlencode

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Browser:
    """A session with the web server on `port`."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies: dict[str, str] = {}
        self._token = ""

    def get(self, path: str) -> tuple[int, str]:
        """Return status and text of a page; remember its token."""
        return self._send("GET", path, None)

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        """Send a form with the token of the last page."""
        return self._send("POST", path, urlencode({"csrfmiddlewaretoken": self._token, **fields}))

    def _send(self, method: str, path: str, body: str | None) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        text = response.read().decode()
        for cookie in response.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";")[0].partition("=")
            self._cookies[name] = value
        found = _TOKEN.search(text)
        if found:
            self._token = found.group(1)
        return response.status, text
