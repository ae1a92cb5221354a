"""The agents' tab without a browser: its logins and its calls."""

import http.client
import json
from typing import Any
from urllib.parse import urlencode, urlsplit

from calls import Refused

JSON = dict[str, Any]


class Tab:
    """One agent, logged in to the tab."""

    def __init__(self, bridge: int, agent: str):
        self._port = bridge
        self._connection = http.client.HTTPConnection("127.0.0.1", bridge, timeout=20)
        self._cookies: dict[str, str] = {}
        # The way of a browser: to the login, through it, and back.
        there = self._location("GET", "/widget/login?mode=frame")
        back = through_login(there, agent)
        self._location("GET", f"{back.path}?{back.query}")

    def close(self) -> None:
        self._connection.close()

    def call(self, method: str, path: str, body: JSON | None = None) -> Any:
        """What `/widget/api` answers under that path; raises `Refused`."""
        status, _, text = self._exchange(
            method, f"/widget/api{path}", None if body is None else json.dumps(body).encode())
        if not 200 <= status < 300:
            raise Refused(f"{method} {path}", status, text.decode())
        return json.loads(text) if text else None

    def _location(self, method: str, path: str) -> str:
        status, headers, text = self._exchange(method, path)
        if status != 302:
            raise Refused(f"{method} {urlsplit(path).path}", status, text.decode())
        return str(headers["location"])

    def cookies(self) -> str:
        """As its browser would send them."""
        return "; ".join(f"{name}={value}" for name, value in self._cookies.items())

    def _exchange(self, method: str, path: str, body: bytes | None = None) -> tuple[int, Any, bytes]:
        self._connection.request(method, path, body, {
            "Cookie": self.cookies(), "X-Bridge": "1", "Origin": f"http://127.0.0.1:{self._port}",
            "Content-Type": "application/json"})
        response = self._connection.getresponse()
        for line in response.headers.get_all("set-cookie") or []:
            name, _, value = line.split(";")[0].partition("=")
            self._cookies[name] = value
        return response.status, response.headers, response.read()


def through_login(address: str, agent: str) -> Any:
    """Chooses the agent on the login's page, and returns where it leads back to."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection("127.0.0.1", parts.port or 80, timeout=20)
    try:
        connection.request("POST", f"{parts.path}?{parts.query}", urlencode({"agent": agent}), {
            "Host": parts.netloc, "Content-Type": "application/x-www-form-urlencoded"})
        response = connection.getresponse()
        response.read()
        return urlsplit(response.headers["location"])
    finally:
        connection.close()
