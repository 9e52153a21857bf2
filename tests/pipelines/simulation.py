"""Simulated days: a loopback server whose feeds live by the simulated clock, readers that poll, crash and start again.

The server audits every request against what it said before. It shares the clock with the readers and nothing else.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pyarrow as pa

from schemas.tables import POLLS
from tests.scripted import ScriptedServer, answer
from transforms.feeds.archive import Archive
from transforms.feeds.feed import Feed
from transforms.feeds.fetch import Fetcher
from transforms.feeds.moments import Moment
from transforms.feeds.politeness import due, next_start, plan, wants_rest
from transforms.feeds.poll import ask, recover, settle
from transforms.feeds.schedule import remaining
from transforms.feeds.state import FeedState, newest

START = datetime(2026, 11, 2, tzinfo=UTC)
KINDS = (
    *("tag", "date", "plain", "busy", "limited", "resting", "ttl", "fresh", "expires", "skips", "moved", "gone"),
    *("flapping", "lying", "missing", "cut"),
)
HOUR = 3600.0


@dataclass
class Clock:
    """Seconds since the start, and how far the wall clock is set wrong."""

    seconds: float = 0.0
    step: timedelta = timedelta(0)
    boots: int = 0

    def __call__(self):
        wall = START + timedelta(seconds=self.seconds) + self.step
        return Moment(wall, f"boot {self.boots}", self.seconds)


@dataclass
class Site:
    """All feeds of the server: feed n is of kind n % 16 and stands on host n % 5, three and more feeds a host."""

    clock: Clock
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
            return 20 + int(seconds / 360), 15  # an item every six minutes
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
        body = rss(number, items, wishes)
        whole = answer(304, headers, length=False) if unchanged else answer(200, headers, body)
        return whole[:-20] if kind == "cut" and self.counts["requests"] % 3 == 0 and not unchanged else whole


def http_date(seconds):
    return format_datetime(START + timedelta(seconds=int(seconds)), usegmt=True)


def rss(number, items, wishes):
    entries = "".join(
        f"<item><guid>{number}-{item}</guid><title>Item {item}</title></item>" for item in reversed(items)
    )
    return f"<rss version='2.0'><channel><title>Feed {number}</title>{wishes}{entries}</channel></rss>".encode()


class Life:
    """A reader that polls the feeds of a site, commits round by round, and may be killed in between."""

    def __init__(self, feeds, folder, parser, serve):
        self.clock = Clock()
        self.site = Site(self.clock)
        self.server: ScriptedServer = serve(self.site.script)
        hosts = max(5, feeds // 3)
        self.feeds = [
            Feed(f"http://h{number % hosts}.example:{self.server.port}/{number}", allow_private=True)
            for number in range(feeds)
        ]
        self.fetcher = Fetcher("newsfold/0 (+a@b.example)", resolve=lambda host, port: ["127.0.0.1"])
        self.folder, self.parser = folder, parser
        self.archive = Archive(folder)
        self.rows, self.items, self.doubled = [], set(), 0
        self.recovered = self.commits = self.missed = 0

    def settle(self, feed, state, attempt):
        return settle(feed, state, attempt, self.parser)

    def states(self):
        return newest(self.rows)

    def commit(self, round_):
        self.commits += 1
        rows = pa.Table.from_pylist([{**polled.row, "commit": self.commits} for polled in round_], schema=POLLS)
        self.rows = [row for row in self.rows if row["feed"] not in {polled.state.feed for polled in round_}]
        self.rows += rows.to_pylist()
        self.items |= {article.item_id for polled in round_ for article in polled.articles}
        self.missed += sum(polled.items_missed for polled in round_)
        self.archive.release([polled.attempt for polled in round_])

    def start_again(self):
        """Begin as a new process does: with what was committed and what the archive kept."""
        self.archive = Archive(self.folder)
        found = list(recover(self.feeds, self.states(), self.archive, self.settle))
        self.recovered += len(found)
        self.commit(found)

    def round(self, killed=False):
        """Ask what is due, two seconds apart a host, and commit; killed: everything but the archive is lost."""
        states = self.states()
        begins, ended, done, resting = self.clock.seconds, {}, [], set()
        for start in plan(due(self.feeds, states, self.clock()), states, self.clock(), {}):
            if start.host in resting:
                continue
            last = ended.get(start.host, (-9.0, -9.0))
            self.clock.seconds = begins + max(self.clock.seconds - begins, next_start(start.at, *last))
            ended[start.host] = (self.clock.seconds - begins, self.clock.seconds - begins + 0.1)
            state = states.get(start.feed.key, FeedState(start.feed.key))
            attempt = ask(start.feed, state, self.clock, self.fetcher, self.archive)
            done.append(self.settle(start.feed, state, attempt))
            resting |= {start.host} if wants_rest(done[-1].state) else set()
        if killed:
            if done:  # the last one was asked and not even kept
                self.archive.release([done[-1].attempt])
                self.archive.begin(done[-1].attempt.feed, done[-1].attempt.moment)
                self.site.forget_wishes()
            self.start_again()
        else:
            self.commit(done)
        self.clock.seconds += 3.0

    def wait(self, most=1800.0):
        """Let time pass until something is due."""
        states, moment = self.states(), self.clock()
        left = [remaining(states.get(feed.key, FeedState(feed.key)), moment) for feed in self.feeds]
        seconds = min((one.total_seconds() for one in left if one is not None), default=most)
        self.clock.seconds += max(60.0, min(most, seconds))

    def live(self, days, killed_at=lambda turn: False, steps=()):
        """Live so many days; `steps`: at which hours the wall clock is set wrong by how much."""
        turn, steps = 0, list(steps)
        while self.clock.seconds < days * 24 * HOUR:
            while steps and self.clock.seconds >= steps[0][0] * HOUR:
                self.clock.step = steps.pop(0)[1]
            turn += 1
            self.round(killed_at(turn))
            self.wait()
