"""Makes accounts for the scenario `journal`, and prints a session's token for each.

    python3 loadtest/sessions.py http://127.0.0.1:8000 data/mail 50 > sessions.txt

The server must write its emails to files (no `mail_url`), into the folder that is named second. Attempts of one network are
throttled, so a server for this has `trusted_proxies` set to 127.0.0.1/32: each account comes from another address.
"""

import json
import os
import pathlib
import sys
import time
import urllib.request

BASE, MAIL, COUNT = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
PASSWORD, RUN = "correct horse battery", os.urandom(4).hex()


def post(path, body, address):
    headers = {"Content-Type": "application/json", "X-Forwarded-For": address}
    request = urllib.request.Request(BASE + path, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def code(email):
    """The code in the email to that address, as soon as it is there."""
    for _ in range(1000):
        for path in MAIL.glob("*"):
            lines = path.read_text().splitlines()
            if f"To: {email}" in lines:
                path.unlink()
                return next(line.strip() for line in lines if line.startswith("    "))
        time.sleep(0.01)
    raise SystemExit(f"no email to {email} in {MAIL}")


for number in range(COUNT):
    name, address = f"load-{RUN}-{number}", f"198.18.{number // 250}.{number % 250 + 1}"
    email = f"{name}@example.org"
    post("/api/users", {"email": email}, address)
    post("/api/users", {"code": code(email), "password": PASSWORD, "username": name}, address)
    print(post("/v1/account/sessions", {"email": email, "password": PASSWORD}, address)["token"], flush=True)
