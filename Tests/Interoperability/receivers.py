"""Lets the daemon, and the package standardwebhooks, post to the receivers of config/receivers.

The folder of the programs as argument. A fourth shop verifies with the package itself what the daemon signs.
"""

import base64
import datetime
import hashlib
import hmac
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from bridge import Bridge
from calls import call
from machine import free_port, until
from sandbox import Sandbox
from standardwebhooks import Webhook, WebhookVerificationError

PROGRAMS = sys.argv[1]
COPIES = os.path.join(os.path.dirname(__file__), "../../config/receivers")
failures = []
checks = 0


def check(what, wanted, got):
    global checks
    checks += 1
    if got != wanted:
        failures.append(f"FAIL: {what}: {got}, not {wanted}")


def new_secret(size=32):
    return "whsec_" + base64.b64encode(os.urandom(size)).decode()


class Receiver:
    """A copy that may run, with what it has stored."""

    process = None

    def __init__(self, name, command, folder):
        self.name, self.command = name, command
        self.port = free_port()
        self.store = f"{folder}/{name}"
        self.old, self.new = new_secret(), new_secret()
        self.url = f"http://127.0.0.1:{self.port}/answers"

    def launch(self, secrets, has_store=True):
        """Waits until it answers, whatever it is, or has ended. `None` is no `BRIDGE_SECRETS` at all."""
        environment = {"PATH": os.environ["PATH"]} | ({"RECEIVER_STORE": self.store} if has_store else {})
        if secrets is not None:
            environment["BRIDGE_SECRETS"] = secrets
        command = [part.replace("PORT", str(self.port)) for part in self.command]
        with open(f"{self.store}.log", "wb") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=COPIES, env=environment)
        until(f"{self.name} answers or ends", lambda: self.process.poll() is not None or post(self.url, b"", {}))

    def start(self):
        self.launch(f"{self.old} {self.new}")
        check(f"{self.name} runs", None, self.process.poll())

    def restart(self):
        self.end()
        self.start()

    def end(self):
        if self.process:
            self.process.kill()
            self.process.wait()

    def log(self):
        with open(f"{self.store}.log", encoding="utf-8") as file:
            return file.read()

    def seen(self):
        if os.path.isdir(self.store):
            return sum(name.startswith("seen-") for name in os.listdir(self.store))
        return len(self.rows("SELECT id FROM seen"))

    def answers(self):
        """Each with its thread and text."""
        if os.path.isdir(self.store):
            names = [name for name in os.listdir(self.store) if name.startswith("answer-")]
            found = [json.load(open(f"{self.store}/{name}", encoding="utf-8")) for name in names]
            return [(one["id"], one["thread"], one["body"]) for one in found]
        return self.rows("SELECT id, thread, body FROM answer")

    def rows(self, query):
        if not os.path.exists(self.store):
            return []
        connection = sqlite3.connect(self.store, timeout=10)
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()


def answer(url, body, headers):
    """The status and the text; `None` twice where nobody answers."""
    request = urllib.request.Request(url, body, headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return None, None


def post(url, body, headers):
    return answer(url, body, headers)[0]


def post_signed(receiver, body, id, secret=None, age=0, signed=None, extra=""):
    """As the package signs it, so many seconds ago."""
    time = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=age)
    signature = Webhook(secret or receiver.new).sign(id, time, signed or body)
    return post(receiver.url, body.encode(), {
        "Content-Type": "application/json", "webhook-id": id,
        "webhook-timestamp": str(int(time.timestamp())), "webhook-signature": extra + signature})


def verifying(secret):
    """A shop that takes what the package verifies, and the types of it."""
    types = []

    class Shop(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            try:
                types.append(Webhook(secret).verify(body, headers)["type"])
                self.send_response(200)
            except WebhookVerificationError:
                self.send_response(401)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/", types


def shop(url, secrets, token):
    return {
        "tokens": {"web": {"secret": token, "scope": "write"}}, "callbackURL": url, "callbackSecrets": secrets,
        "events": ["agent.reply", "conversation.started"]}


def callback_test(settings, name, *more):
    command = [f"{PROGRAMS}/genesys-bridge", "callback", "test", "--config", settings, "--shop", name, *more]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False).returncode


def reply(id, text="Où est-il ? 📦"):
    return json.dumps({
        "type": "agent.reply", "id": id, "timestamp": "2026-03-04T09:30:01Z",
        "data": {
            "conversation": {"key": "thread-31", "genesys_conversation_id": None},
            "reply": {"id": f"m-{id}", "body": text, "body_html": None}}})


def wrong_secrets():
    """Of each what it is, the text, and the place of what is wrong."""
    right = new_secret()
    base64_text = "A" * 32
    return [
        ("unset", None, 1),
        ("empty", "", 1),
        ("blank", " \n", 1),
        ("the prefix alone", "whsec_", 1),
        ("the placeholder", "whsec_…", 1),
        ("both placeholders", "whsec_… whsec_…", 1),
        ("three characters", "abc", 1),
        ("six characters", "abcdef", 1),
        ("a right one and the prefix", f"{right} whsec_", 2),
        ("the prefix and a right one", f"whsec_\n{right}", 1),
        ("two right ones and a placeholder", f"{new_secret()} {right} whsec_…", 3),
        ("23 bytes", new_secret(23), 1),
        ("23 bytes without padding", new_secret(23).rstrip("="), 1),
        ("no base64", "whsec_" + "!" * 44, 1),
        ("one character that is no base64", f"{right[:20]}!{right[20:]}", 1),
        ("base64 for URLs", "whsec_" + base64_text + "-_-_", 1),
        ("half a byte", "whsec_" + base64_text + "A", 1),
        ("more padding than there is to fill", "whsec_" + base64_text + "==", 1),
        ("padding within", "whsec_" + base64_text + "AA==" + base64_text, 1),
        ("without the prefix", right[len("whsec_"):], 1),
        ("the prefix in capitals", right.replace("whsec_", "WHSEC_"), 1),
        ("a text, as the bridge takes it too", "a-text-of-more-than-24-bytes", 1),
        ("two with a comma", f"{right},{new_secret()}", 1),
        ("in quotes", f"'{right}'", 1),
    ]


def try_wrong_secrets(receiver):
    """It does not run, or answers 500 where it has no start, and anyone's signature is not taken."""
    id, now = "evt_forged", str(int(datetime.datetime.now().timestamp()))
    body = reply(id).encode()
    signature = base64.b64encode(hmac.new(b"", f"{id}.{now}.".encode() + body, hashlib.sha256).digest()).decode()
    headers = {"webhook-id": id, "webhook-timestamp": now, "webhook-signature": f"v1,{signature}"}
    has_start = receiver.command[0] != "php"
    refusal = None if has_start else "not set up; post it again"
    for what, secrets, place in wrong_secrets():
        name = f"{receiver.name}, secrets {what}"
        receiver.launch(secrets)
        check(name, (None if has_start else 500, refusal), answer(receiver.url, body, headers))
        check(f"{name}: its end", 1 if has_start else None, receiver.process.poll())
        receiver.end()
        log = receiver.log()
        check(f"{name}: the log names the place", True, f"BRIDGE_SECRETS: secret {place} is missing, or" in log)
        check(f"{name}: the log has a way out", True, "printf 'whsec_%s\\n' \"$(openssl rand -base64 32)\"" in log)
        told = [one for one in (secrets or "").split() if len(one) > 6 and one.replace("whsec_", "") in log]
        check(f"{name}: what the log tells", [], told)
        check(f"{name}: stored", False, os.path.exists(receiver.store))


def try_without_store(receiver):
    """The two that are programs of their own have one beside them."""
    if receiver.command[0] != "php":
        return
    try:
        receiver.launch(receiver.new, has_store=False)
        check(f"{receiver.name} without a store", 500, post_signed(receiver, reply("evt_1"), "evt_1"))
        check(f"{receiver.name} says which", True, "RECEIVER_STORE is missing" in receiver.log())
    finally:
        receiver.end()


def try_right_secrets(receiver):
    """What the bridge signs with after `whsec_`, it takes."""
    least, padded = new_secret(24), new_secret(25)
    for number, (what, secrets, secret) in enumerate([
        ("of 24 bytes", least, least),
        ("without padding", padded.rstrip("="), padded),
        ("with half of the padding", padded[:-1], padded),
        ("of 64 bytes, one a line", f"\n{least}\n{new_secret(64)}\n{padded}\n", padded),
    ]):
        id = f"evt_{number}"
        try:
            receiver.launch(secrets)
            check(f"{receiver.name}, secrets {what}", 200, post_signed(receiver, reply(id), id, secret))
        finally:
            receiver.end()


def try_by_hand(receiver):
    name = receiver.name
    check(f"{name}, an answer", 200, post_signed(receiver, reply("evt_1"), "evt_1"))
    # Another text, to see that nothing is done with it.
    check(f"{name}, the same again", 200, post_signed(receiver, reply("evt_1", "again"), "evt_1", age=-1))
    check(f"{name}, the older secret", 200, post_signed(receiver, reply("evt_2"), "evt_2", receiver.old))
    check(f"{name}, two signatures", 200, post_signed(
        receiver, reply("evt_3"), "evt_3", extra="v1a,AAAA v1,bm90IG91cnM= "))
    check(f"{name}, another secret", 401, post_signed(receiver, reply("evt_4"), "evt_4", new_secret()))
    check(f"{name}, a changed byte", 401, post_signed(receiver, reply("evt_4"), "evt_4", signed=reply("evt_5")))
    check(f"{name}, no signature", 401, post(receiver.url, reply("evt_4").encode(), {"webhook-id": "evt_4"}))
    check(f"{name}, six minutes old", 401, post_signed(receiver, reply("evt_4"), "evt_4", age=360))
    check(f"{name}, six minutes ahead", 401, post_signed(receiver, reply("evt_4"), "evt_4", age=-360))
    check(f"{name}, four minutes old", 200, post_signed(receiver, reply("evt_6"), "evt_6", age=240))
    for body in ["{", "[]", '"x"', "null", "{}", '{"type":1,"data":{}}', '{"type":"a","data":7}']:
        check(f"{name}, {body}", 400, post_signed(receiver, body, "evt_7"))
    check(f"{name}, an unknown type", 200, post_signed(receiver, '{"type":"a.b","data":{}}', "evt_8"))
    receiver.restart()
    check(f"{name}, a repeat after a crash", 200, post_signed(receiver, reply("evt_1", "again"), "evt_1"))
    check(f"{name}, seen", 5, receiver.seen())
    kept = [(f"m-evt_{number}", "thread-31", "Où est-il ? 📦") for number in (1, 2, 3, 6)]
    check(f"{name}, answers", kept, sorted(receiver.answers()))


def try_by_daemon(receiver, bridge, wrong):
    name, seen = receiver.name, receiver.seen()
    check(f"{name}, callback test", 0, callback_test(bridge.settings, name, "--id", "evt_try"))
    check(f"{name}, callback test again", 0, callback_test(bridge.settings, name, "--id", "evt_try"))
    check(f"{name}, seen once", seen + 1, receiver.seen())
    check(f"{name}, callback test with a wrong secret", 77, callback_test(wrong, name))
    check(f"{name}, refused", seen + 1, receiver.seen())
    check(f"{name}, a message", 202, message(bridge, name))
    until(f"{name} is told of the conversation", lambda: receiver.seen() == seen + 2)
    answer = call(bridge.ops, "POST", f"/threads/{name}/first/answers", {
        "body": "C'est en route 📦", "key": "once", "agent": {"id": "agent-1", "name": "Sam Miller"}})["id"]
    until(f"{name} has the agent's answer", lambda: receiver.seen() == seen + 3)
    check(f"{name}, the agent's answer", [(answer, "first", "C'est en route 📦")],
          [one for one in receiver.answers() if one[0] == answer])


def message(bridge, name):
    body = json.dumps({
        "message": {"body": "?"}, "customer": {"id": "1"}, "conversation": {"key": "first"}}).encode()
    return post(f"http://127.0.0.1:{bridge.public}/v1/messages", body, {
        "Content-Type": "application/json", "Authorization": f"Bearer {token(name)}",
        "Idempotency-Key": f"first-{name}"})


def token(name):
    return f"a-token-of-the-shop-{name}"


def wrong_settings(bridge, shops):
    """A copy of the daemon's settings in which every shop signs with another secret."""
    path = bridge.settings.replace(".yaml", "-wrong.yaml")
    with open(bridge.settings, encoding="utf-8") as file:
        settings = json.load(file)
    for name in shops:
        settings["shops"][name]["callbackSecrets"] = [new_secret()]
    with open(path, "w", encoding="utf-8") as file:
        json.dump(settings, file)
    return path


def run(folder):
    receivers = []
    sandbox = Sandbox(PROGRAMS, folder)
    bridge = None
    try:
        for name, command in [
            ("php", ["php", "-S", "127.0.0.1:PORT", "receiver.php"]),
            ("node", ["node", "receiver.mjs", "PORT"]),
            ("python", [sys.executable, "receiver.py", "PORT"]),
        ]:
            receivers.append(Receiver(name, command, folder))
        for receiver in receivers:
            try_wrong_secrets(receiver)
            try_without_store(receiver)
            try_right_secrets(Receiver(f"{receiver.name}-again", receiver.command, folder))
            receiver.start()
        secret = new_secret()
        url, types = verifying(secret)
        settings = {
            # A rotation: the receiver knows one of the two that sign.
            f"shops.{one.name}": shop(one.url, [new_secret(), one.new], token(one.name)) for one in receivers}
        settings["shops.package"] = shop(url, [new_secret(), secret], token("package"))
        bridge = Bridge(PROGRAMS, folder, f"{folder}/outbox.sqlite", sandbox, settings)
        sandbox.start()
        bridge.start()
        wrong = wrong_settings(bridge, [one.name for one in receivers] + ["package"])
        for receiver in receivers:
            try_by_hand(receiver)
            try_by_daemon(receiver, bridge, wrong)
        check("the package, callback test", 0, callback_test(bridge.settings, "package"))
        check("the package, a wrong secret", 77, callback_test(wrong, "package"))
        check("the package, a message", 202, message(bridge, "package"))
        until("the package's shop is told", lambda: types == ["bridge.test", "conversation.started"])
    finally:
        for one in receivers:
            one.end()
        if bridge:
            bridge.end()
        sandbox.end()


with tempfile.TemporaryDirectory() as folder:
    run(folder)
print("\n".join(failures) or f"{checks} posts and answers were as they should be")
sys.exit(1 if failures else 0)
