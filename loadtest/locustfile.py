"""The v0 load test with a second, independent client: 95 % reads, 5 % writes.

    pip install locust
    locust -f loadtest/locustfile.py --host=http://127.0.0.1:8000
"""

import itertools
import json
import math
import random
import uuid

from locust import FastHttpUser, between, task

FRAMES = 200
NUMBERS = itertools.count()


def body(number):
    """A body as large as real ones (15 kB); the same for the same number."""
    rnd = random.Random(number)
    author = str(uuid.UUID(int=rnd.getrandbits(128), version=4))
    x, y, z, heading = rnd.uniform(-500, 500), rnd.uniform(-50, 50), rnd.uniform(-500, 500), rnd.uniform(-3, 3)
    place, frames = f"{x:.4f},{y:.4f},{z:.4f}", []
    for _ in range(FRAMES):
        turn = rnd.uniform(-0.2, 0.2)
        heading += turn
        x, y, z = x + 1.3 * math.sin(heading), y + rnd.uniform(-0.15, 0.15), z + 1.3 * math.cos(heading)
        sin, cos = math.sin(heading / 2), math.cos(heading / 2)
        frames.append([f"{x:.6f},{y:.6f},{z:.6f}", f"{rnd.uniform(-0.03, 0.03):.6f},{sin:.6f},{turn / 10:.6f},{cos:.6f}"])
    return json.dumps(
        {
            "obj": {"u_uuid": author, "o_type": rnd.randrange(40), "o_pos": place, "o_rot": f"0.0,{heading:.5f},0.0"},
            "message": {"u_uuid": author, "part1": "Look", "part2": "left,", "part3": "then climb."},
            "phantom": {"u_uuid": author, "data": frames},
        },
        separators=(",", ":"),
    )


class Player(FastHttpUser):
    wait_time = between(0.5, 1.5)

    def on_start(self):
        self.etag = None

    @task(95)
    def look(self):
        headers = {"If-None-Match": self.etag} if self.etag else {}
        with self.client.get("/get-objects", headers=headers, catch_response=True) as answer:
            if answer.status_code == 304 and self.etag:
                answer.success()
            elif answer.status_code != 200:
                answer.failure(f"answered {answer.status_code}")
            elif not {"objects", "messages", "phantoms"} <= answer.json().keys():
                answer.failure("not the shape of a world")
            else:
                self.etag = answer.headers["ETag"]

    @task(5)
    def leave(self):
        headers = {"Content-Type": "application/json"}
        with self.client.post("/add-object", data=body(next(NUMBERS)), headers=headers, catch_response=True) as answer:
            if answer.status_code != 201:
                answer.failure(f"answered {answer.status_code}")
