#!/usr/bin/env python3
"""Receives agents' answers and events from genesys-bridge. Standard library only; Python 3.8 or newer.

    BRIDGE_SECRETS='whsec_… whsec_…' RECEIVER_STORE=answers.sqlite python3 receiver.py 9000

It answers 200 once the event is on the disk, 200 to a repeat, 400 to what it cannot read, 401 to what is not
signed by one of the secrets within five minutes. It does not start unless each secret is whsec_ and the base64 of
at least 24 bytes. Put a web server with TLS before it.
"""
import base64
import hashlib
import hmac
import json
import os
import re
import sqlite3
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOLERANCE = 300
MAX_BODY = 1 << 20
# Eight times four characters are 24 bytes; what follows may be padded or not.
SECRET = "whsec_([A-Za-z0-9+/]{4}){8,}([A-Za-z0-9+/]{2}={0,2}|[A-Za-z0-9+/]{3}=?)?"


def handle(event, database):
    """Your shop's code goes here. It runs once for each event, in the transaction that marks it as seen: what
    you write with `database` is kept with it, and an exception lets the bridge post the event again."""
    if event["type"] == "agent.reply":
        data = event["data"]
        database.execute(
            "INSERT INTO answer VALUES (?, ?, ?)",
            (data["reply"]["id"], data["conversation"]["key"], data["reply"]["body"]),
        )
    # Other types, of today or tomorrow: nothing to do, and no reason to fail.


def keys_of(secrets):
    """With an empty key anybody could sign, and a short one can be guessed: either ends the program."""
    found = []
    for place, secret in enumerate(secrets.split() or [""], 1):
        if not re.fullmatch(SECRET, secret):
            sys.exit(
                f"BRIDGE_SECRETS: secret {place} is missing, or not whsec_ and the base64 of at least 24 bytes. "
                "Make one, for here and for the bridge's callbackSecrets: "
                "printf 'whsec_%s\\n' \"$(openssl rand -base64 32)\"")
        base64_text = secret[len("whsec_"):]
        found.append(base64.b64decode(base64_text + "=" * (-len(base64_text) % 4)))
    return found


def is_signed(headers, body, keys):
    id, at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not (id and at.isascii() and at.isdigit() and abs(time.time() - int(at)) <= TOLERANCE):
        return False
    given = [part[3:].encode() for part in headers.get("webhook-signature", "").split() if part.startswith("v1,")]
    signed = f"{id}.{at}.".encode() + body
    expected = [base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()) for key in keys]
    # Every pair is compared, so that the time tells nothing.
    return any([hmac.compare_digest(one, other) for one in given for other in expected])


def take(id, event, path):
    """True if it is new."""
    database = sqlite3.connect(path, timeout=10)
    try:
        with database:  # One transaction: all of it, or none.
            database.execute("CREATE TABLE IF NOT EXISTS seen (id TEXT PRIMARY KEY, at REAL)")
            database.execute("CREATE TABLE IF NOT EXISTS answer (id TEXT PRIMARY KEY, thread TEXT, body TEXT)")
            new = database.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (id, time.time())).rowcount == 1
            if new:
                handle(event, database)
        return new
    finally:
        database.close()


class Receiver(BaseHTTPRequestHandler):
    timeout = 10

    def do_POST(self):
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > MAX_BODY:
            return self.answer(400, "no body, or too large a one")
        body = self.rfile.read(int(length))
        if not is_signed(self.headers, body, KEYS):
            return self.answer(401, "not signed by one of our secrets, or not within five minutes")
        try:
            event = json.loads(body)
        except ValueError:
            return self.answer(400, "no event")
        if not (isinstance(event, dict) and isinstance(event.get("type"), str) and isinstance(event.get("data"), dict)):
            return self.answer(400, "no event")
        new = take(self.headers["webhook-id"], event, STORE)
        self.answer(200, "taken" if new else "known")

    def answer(self, status, text):
        self.send_response(status)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())


if __name__ == "__main__":
    KEYS = keys_of(os.environ.get("BRIDGE_SECRETS", ""))
    STORE = os.environ.get("RECEIVER_STORE", "answers.sqlite")
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
