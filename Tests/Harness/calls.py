"""JSON over HTTP on this machine."""

import http.client
import json
from typing import Any


class Refused(Exception):
    """An answer that is no 2xx."""

    def __init__(self, what: str, status: int, body: str):
        super().__init__(f"{what} was answered {status}: {body[:300]}")
        self.status = status
        self.body = body


def call(
    port: int, method: str, path: str, body: Any = None, timeout: float = 20, headers: dict[str, str] | None = None
) -> Any:
    """What the server on that port answers; raises `Refused`, or an `OSError` where there is none."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        text = None if body is None else json.dumps(body)
        kind = {"Accept": "application/json", "Content-Type": "application/json"}
        connection.request(method, path, text, kind | (headers or {}))
        response = connection.getresponse()
        answer = response.read().decode()
    except http.client.HTTPException as error:
        raise ConnectionError(f"{method} {path}: {error!r}") from error
    finally:
        connection.close()
    if not 200 <= response.status < 300:
        raise Refused(f"{method} {path}", response.status, answer)
    return json.loads(answer) if answer else None
