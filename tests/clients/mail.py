"""Reads the codes that the server sends by email, which it writes to a folder when it has no mail server."""

import os
import pathlib
import re
import time


def code_from_mail(to, subject):
    """Waits for the email and returns its code."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        for file in pathlib.Path(os.environ["CAIRN_MAIL"]).glob("*.eml"):
            text = file.read_text()
            if f"To: {to}\n" in text and f"Subject: {subject}\n" in text:
                return re.search(r"^    ([0-9a-f]{32})$", text, re.MULTILINE)[1]
        time.sleep(0.02)
    raise TimeoutError(f"no email to {to}: {subject}")
