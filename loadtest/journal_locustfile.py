"""The journal's load test with a second, independent client: browse, search, log, write.

    pip install locust
    LOADTEST_SESSIONS=sessions.txt locust -f loadtest/journal_locustfile.py --host=http://127.0.0.1:8000

`sessions.py` makes the file of tokens.
"""

import itertools
import os
import pathlib
import random

from locust import FastHttpUser, between, task

TOKENS = itertools.cycle(pathlib.Path(os.environ["LOADTEST_SESSIONS"]).read_text().split())
QUERIES = ["zelda", "final fantsy", "mario", "outer wild", "doom", "the wi", "portal", "half lif"]


class Gamer(FastHttpUser):
    wait_time = between(0.5, 1.5)

    def on_start(self):
        self.headers = {"Authorization": f"Bearer {next(TOKENS)}"}
        self.games = []
        self.search()

    def get(self, path, name):
        return self.client.get(path, headers=self.headers, name=name)

    @task(30)
    def home(self):
        self.get("/api/home", "/api/home")

    @task(15)
    def feed(self):
        self.get("/api/feed", "/api/feed")

    @task(20)
    def search(self):
        answer = self.client.get("/api/games", params={"q": random.choice(QUERIES)}, headers=self.headers, name="/api/games?q=")
        if answer.status_code == 200:
            self.games = [item["id"] for item in answer.json()["items"]] or self.games

    @task(20)
    def look(self):
        if self.games:
            game = random.choice(self.games)
            self.get(f"/api/games/{game}", "/api/games/{id}")
            self.get(f"/api/games/{game}/thoughts", "/api/games/{id}/thoughts")

    @task(10)
    def log(self):
        if self.games:
            body = {"state": random.choice(["wishlist", "ongoing", "completed"])}
            path = f"/api/library/{random.choice(self.games)}"
            self.client.put(path, json=body, headers=self.headers, name="/api/library/{id}")

    @task(5)
    def write(self):
        if self.games:
            body = {"game": random.choice(self.games), "text": "It was **good**, and ||it ended||."}
            with self.client.post("/api/thoughts", json=body, headers=self.headers, catch_response=True) as answer:
                # Who has written as many on a game as one may is told so.
                if answer.status_code in (201, 409):
                    answer.success()
