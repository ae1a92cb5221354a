"""Posts what the package standardwebhooks signs, and what it would not: URL and secret as arguments."""

import base64
import datetime
import os
import sys
import urllib.error
import urllib.request

from standardwebhooks import Webhook

URL, SECRET = sys.argv[1:]
BODY = '{"message":{"body":"Où est mon colis ? 📦"},"customer":{"email":"zoe@example.com"}}'


def post(body, id, secret=SECRET, signed=None, moved=0):
    """Posts the body as `signed`, or as itself, was signed so many seconds ago, and returns the status."""
    time = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=moved)
    headers = {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": str(int(time.timestamp())),
        "webhook-signature": Webhook(secret).sign(id, time, signed or body),
    }
    request = urllib.request.Request(URL, body.encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status
    except urllib.error.HTTPError as error:
        return error.code


other = "whsec_" + base64.b64encode(os.urandom(32)).decode()
cases = [
    ("a signed post", 202, post(BODY, "msg_1")),
    ("the same again", 200, post(BODY, "msg_1")),
    ("the id with another body", 422, post(BODY.replace("Où", "où"), "msg_1")),
    ("a changed byte", 401, post(BODY.replace("Où", "où"), "msg_2", signed=BODY)),
    ("another secret", 401, post(BODY, "msg_3", secret=other)),
    ("six minutes old", 401, post(BODY, "msg_4", moved=360)),
    ("six minutes ahead", 401, post(BODY, "msg_5", moved=-360)),
    ("four minutes old", 202, post(BODY, "msg_6", moved=240)),
]
wrong = [f"FAIL: {what} got {got}, not {wanted}" for what, wanted, got in cases if got != wanted]
print("\n".join(wrong) or f"{len(cases)} posts were answered as they should be")
sys.exit(1 if wrong else 0)
