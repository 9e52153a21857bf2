"""Simulated days: a loopback server whose feeds live by the simulated clock, and a watch that is killed now and then.

The server audits every request against what it said before. It shares the clock with the watch and nothing else.
"""

import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime

from pipelines.options import IngestOptions
from pipelines.watch import watch
from tests.pipelines.live import rss
from tests.pipelines.stored import item_ids
from tests.pipelines.timeline import START, Timeline, loopback_fetcher
from tests.scripted import answer
from transforms.feeds import steps as feed_steps
from transforms.feeds.known import known_states
from transforms.lake import steps as lake_steps
from transforms.lake.layout import open_lake

KINDS = (
    *("tag", "date", "plain", "busy", "limited", "resting", "ttl", "fresh", "expires", "skips", "moved", "gone"),
    *("flapping", "lying", "missing", "cut"),
)
HOUR = 3600.0


@dataclass
class Site:
    """All feeds of the server: feed n is of kind n % 16 and stands on host n % 5, three and more feeds a host."""

    clock: Timeline
    requests: list = field(default_factory=list)
    violations: list = field(default_factory=list)
    counts: Counter = field(default_factory=Counter)
    last: dict = field(default_factory=dict)  # path -> seconds of the last request
    last_of_host: dict = field(default_factory=dict)
    not_before: dict = field(default_factory=lambda: defaultdict(float))  # path or host -> seconds
    tags: dict = field(default_factory=dict)  # path -> the validators it gave, all of them: answers get lost

    def script(self, connection, asked):
        number = int(asked.path.strip("/").split("/")[0])
        self.audit(asked, number)
        connection.sendall(self.answer(asked, number, KINDS[number % len(KINDS)]))

    def audit(self, asked, number):
        now, path = self.clock.seconds, asked.path
        host = asked.headers["Host"].partition(":")[0]
        self.counts["requests"] += 1
        follows = path.endswith("/moved") and now == self.last.get(path.removesuffix("/moved"))
        rules = {
            "sooner than 15 minutes": now - self.last.get(path, -HOUR) < 899.999,
            "2 s on one host": not follows and now - self.last_of_host.get(host, -HOUR) < 1.999,
            "asked for rest": now < max(self.not_before[path], self.not_before[host]) - 1,
            "manners": {"Cookie", "Referer"} & asked.headers.keys() or "newsfold/" not in asked.headers["User-Agent"],
        }
        self.violations += [(rule, path, now) for rule, broken in rules.items() if broken]
        self.last[path] = self.last_of_host[host] = now
        if path in self.tags and KINDS[number % len(KINDS)] != "lying":
            self.counts["validator known"] += 1
            sent = (asked.headers.get("If-None-Match"), asked.headers.get("If-Modified-Since"))
            self.counts["conditional"] += sent != (None, None)
            if sent not in {(None, None), *self.tags[path]}:
                self.violations.append(("validators", path, now))

    def forget_wishes(self):
        """Ask for nothing that the reader of a lost answer cannot know."""
        self.not_before.clear()

    def published(self, number, seconds):
        """Return how many items a feed has published by then, and how many it shows."""
        if KINDS[number % len(KINDS)] == "busy":
            return 4 + int(seconds / 1440), 4  # gone after an hour and a half
        return 5 + int(seconds / (HOUR * (3 + number % 7))), 30

    def answer(self, asked, number, kind):
        now = self.clock.seconds
        count, shown = self.published(number, now)
        date = {"Date": http_date(now)}
        moving = kind == "moved" and not asked.path.endswith("/moved")
        special = {
            "limited": now % (48 * HOUR) > 43 * HOUR and (429, {"Retry-After": "10800"}, 10800.0),
            "resting": now % (48 * HOUR) > 20 * HOUR and (503, {"Retry-After": http_date(now + 7200)}, 7200.0),
            "moved": moving and (301, {"Location": f"{asked.path}/moved"}, 0.0),
            "gone": now > 36 * HOUR and (410, {}, 0.0),
            "flapping": self.counts["requests"] % 2 == 0 and (500, {}, 0.0),
            "missing": 10 < now / HOUR < 15 and (404, {}, 0.0),
        }.get(kind)
        if special:
            status, headers, rest = special
            whom = asked.headers["Host"].partition(":")[0] if status == 429 else asked.path
            self.not_before[whom] = now + rest
            return answer(status, date | headers)
        return self.feed(asked, number, kind, list(range(max(0, count - shown), count)), date)

    def feed(self, asked, number, kind, items, headers):
        now = self.clock.seconds
        tag, changed = f'W/"{items[-1]}"', http_date(items[-1] * 60.0)
        if kind == "date":
            headers["Last-Modified"] = changed
        elif kind not in {"plain", "cut"}:
            headers["ETag"] = '"same"' if kind == "lying" else tag
        if kind == "fresh":
            headers["Cache-Control"] = "max-age=7200"
        if kind == "expires":
            headers["Expires"] = http_date(now + 10800)
        self.not_before[asked.path] = now + {"fresh": 7200.0, "expires": 10800.0, "ttl": 14400.0}.get(kind, 0.0)
        given = (headers.get("ETag"), headers.get("Last-Modified"))
        sent = (asked.headers.get("If-None-Match"), asked.headers.get("If-Modified-Since"))
        unchanged = given != (None, None) and sent == given
        if given != (None, None):
            self.tags.setdefault(asked.path, set()).add(given)
        wishes = {"ttl": "<ttl>240</ttl>", "skips": "<skipHours><hour>3</hour><hour>4</hour></skipHours>"}.get(kind, "")
        if kind == "skips" and (START + timedelta(seconds=now)).hour in (3, 4) and now > 5 * HOUR:
            self.violations.append(("an hour to skip", asked.path, now))
        body = rss(str(number), list(reversed(items)), wishes)
        whole = answer(304, headers, length=False) if unchanged else answer(200, headers, body)
        return whole[:-20] if kind == "cut" and self.counts["requests"] % 3 == 0 and not unchanged else whole


def http_date(seconds):
    return format_datetime(START + timedelta(seconds=int(seconds)), usegmt=True)


class Killed(BaseException):
    """The process is killed here; no Exception, so that nothing on the way takes it for a fault."""


@dataclass
class Killer:
    """Kills at given seconds, each time at some later step of a poll or a commit, by chance."""

    time: Timeline
    due: list
    dice: random.Random = field(default_factory=lambda: random.Random(11))
    places: Counter = field(default_factory=Counter)
    steps_left: int = 0

    def reached(self, step):
        if not self.due or self.time.seconds < self.due[0]:
            return
        self.steps_left = self.steps_left or self.dice.randint(1, 40)
        self.steps_left -= 1
        if self.steps_left == 0:
            self.due.pop(0)
            self.places[step] += 1
            raise Killed("killed at " + step)


class Life:
    """A watch over all feeds of a site that lives on through kills: the real one, with a lake of its own."""

    def __init__(self, feeds, folder, serve, monkeypatch, round_seconds=900.0):
        self.time = Timeline()
        self.site = Site(self.time)
        self.port = serve(self.site.script).port
        self.lake, self.feeds, self.round_seconds = folder / "lake", feeds, round_seconds
        hosts = max(5, feeds // 3)
        lines = [f"http://h{number % hosts}.example:{self.port}/{number} allow_private" for number in range(feeds)]
        (folder / "list.txt").write_text("\n".join(lines), "utf-8")
        self.options = IngestOptions(
            inputs=(), lake=str(self.lake), feeds=str(folder / "list.txt"), contact="tests@example.org", workers=1
        )
        self.killer, self.starts, self.rounds = Killer(self.time, []), 0, 0
        for module in (lake_steps, feed_steps):
            monkeypatch.setattr(module, "reached", self.reached)

    def reached(self, step):
        try:
            self.killer.reached(step)
        except Killed:
            if step == "answer received":  # and never kept: the reader cannot know what it asked for
                self.site.forget_wishes()
            raise

    def live(self, days, kills=(), steps=()):
        """Live so many days; `steps`: at which hours the wall clock is set wrong by how much."""
        self.killer.due = sorted(kills)
        for hour, step in steps:
            self.time.at(hour * HOUR, lambda step=step: setattr(self.time, "step", step))
        self.time.ends(days * 24 * HOUR)
        while self.time.seconds < days * 24 * HOUR:
            self.starts += 1
            self.time.stop.clear()
            try:
                watch(
                    self.options,
                    self.observe,
                    self.time.stop,
                    self.time.round(),
                    loopback_fetcher(),
                    self.round_seconds,
                )
            except Killed:
                self.time.stop.clear()
                self.time.wait(self.time.stop, 40.0)
                if self.starts % 10 == 0:
                    self.time.reboot()

    def observe(self, status):
        self.rounds = status.rounds

    def states(self):
        return known_states(open_lake(self.lake))

    def stored(self):
        """Return how often each item is stored."""
        return Counter(item_ids(self.lake))

    def lost(self, seconds_of):
        """Return the items that a feed showed when it was last asked with success, and that are not stored.

        Feeds that hide what they have are left out: busy ones drop items, lying ones say that nothing is new.
        """
        stored, missing = self.stored(), []
        for key, state in self.states().items():
            number = int(key.rpartition("/")[2])
            if state.answered_at is None or KINDS[number % len(KINDS)] in {"busy", "lying"}:
                continue
            count, _ = self.site.published(number, seconds_of(state))
            missing += [f"{number}-{item}" for item in range(count) if f"{number}-{item}" not in stored]
        return missing


def by_wall(state):
    """Return the seconds at which a feed last answered, by the wall clock."""
    return (state.answered_at - START).total_seconds()
