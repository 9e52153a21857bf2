"""The report of a lake: the same numbers as DuckDB gives, harmless whatever the stories hold, whole by itself."""

import json
import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.report.calendar import MOST_COLUMNS, calendar
from pipelines.report.elements import element, plain, shown
from pipelines.report.figures import PERIODS, gather, in_sizes
from pipelines.report.page import page
from pipelines.report.parts import percent, size_of
from pipelines.report.stories import linked
from pipelines.report.style import DARK, LIGHT
from tests.pipelines.conftest import PLACES, corpus, glob_of, write_jsonl
from transforms.lake.layout import create_or_open, open_lake

NOW = datetime(2026, 11, 3, 12, 30, tzinfo=UTC)
VOID = {"meta", "link", "br", "hr"}
HOSTILE = [
    "<script>alert('stolen')</script><img src=https://evil.example/x onerror=alert(1)> and the harbour",
    "&lt;b&gt; &amp;amp; \"quotes\" 'and' </bdi></td></table> in a headline",
    "مكتبة عائمة تبدأ رحلتها في نهر النيل من أسوان",
    "A headline that is turned \u202eround\u2066 by marks",
    "x" * 10_000,
]


class Document(HTMLParser):
    """The tables, elements and addresses of a page; complains of elements that do not close."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.open, self.tables, self.texts = [], [], {}, []
        self._table = None
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        assert len(attributes) == len(attrs), f"<{tag}> has an attribute twice"
        self.elements.append((tag, attributes))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "table":
            self._table = self.tables.setdefault(attributes.get("id"), [])
        if tag == "tr":
            self._table.append([])
        if tag in ("td", "th"):
            self._table[-1].append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)
        if "td" in self.open or "th" in self.open:
            self._table[-1][-1] += data

    @property
    def text(self):
        return " ".join("".join(self.texts).split())

    def numbers(self, table, *columns):
        return [[row[0], *(row[column] for column in columns)] for row in self.tables[table][1:]]


@pytest.fixture(scope="module")
def lake(newsfold, tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    articles = corpus(120)
    for number, title in enumerate(HOSTILE * 5):
        # Five copies of each, so that they are the largest families; a source, too, is whatever the input says.
        text = (
            f"{PLACES[number % 5]} welcomed {number % 5 + 2} ships beside the old harbour wall while nobody watched. "
            * 3
        )
        hostile = {"id": f"h{number}", "title": title, "text": text, "source": title[:300], "language": "fr"}
        published = f"2024-01-0{number % 5 + 1}T1{number // 5}:00:00Z"
        articles.append(hostile | {"published": published, "url": f"https://h.example/{number}"})
    source = write_jsonl(folder / "articles.jsonl", articles)
    with source.open("a", encoding="utf-8") as file:
        file.write('{"title": "cut sho\n[1, 2]\n{"title": "", "text": ""}\n')
    done = newsfold("ingest", source, "--lake", folder / "lake", "--workers", "1")
    assert done.code == 0, done.err
    return folder / "lake"


@pytest.fixture(scope="module")
def figures(lake):
    return gather(open_lake(lake))


@pytest.fixture(scope="module")
def document(figures):
    return Document(page(figures, NOW))


@pytest.fixture(scope="module")
def ask(lake):
    """Ask DuckDB over plain globs, as any other reader would."""
    told = (
        f"create view articles as select * from read_parquet('{glob_of(lake, 'articles')}', hive_partitioning = true);"
        f"create view duplicates as select * from read_parquet('{glob_of(lake, 'duplicates')}', hive_partitioning = true);"
        "create view stories as select * from articles union all by name select * from duplicates;"
        f"create view rejects as select * from read_parquet('{lake}/rejects/*.parquet');"
        f"create view runs as select * from read_parquet('{lake}/runs/*.parquet')"
    )
    with duckdb.connect() as connection:
        connection.execute(told)
        yield lambda sql: [list(row) for row in connection.sql(sql).fetchall()]


def texts(rows):
    return [[cell if isinstance(cell, str) else f"{cell:,}" for cell in row] for row in rows]


def test_outcomes_are_those_of_the_ledger_and_add_up(document, ask, figures):
    names = ["new", "revision", "exact", "near", "excerpt", "expansion", "seen", "rejected", "read"]
    counts = ask(f"select {', '.join(f'sum({name})::bigint' for name in names)} from runs")[0]
    assert document.numbers("outcomes", 1) == texts(zip(names, counts, strict=True))
    assert sum(counts[:-1]) == counts[-1] == 148
    assert figures.adds_up
    assert f"{counts[-1]} read = {counts[0]} new + {counts[1]} revision + {counts[2]} exact" in document.text


def test_a_sum_that_is_wrong_is_said_so(figures):
    wrong = type(figures)(
        **{name: getattr(figures, name) for name in figures.__slots__} | {"counts": figures.counts | {"read": 9}}
    )
    assert not wrong.adds_up
    assert "This does not add up" in Document(page(wrong, NOW)).text


def test_days_are_those_of_the_tables(document, ask):
    found = ask(
        "select published_date, count(*) filter (relation is null), count(relation), count(*) from stories group by 1 order by 1"
    )
    expected = [[f"{day.day} {day:%b %Y}", *(str(count) for count in counts)] for day, *counts in found]
    assert document.tables["days-table"][1:] == expected


def test_sources_are_those_of_the_tables(figures, document, ask):
    found = ask(
        "select source, count(*) as n, count(*) filter (relation is null), count(relation) from stories "
        "group by source order by n desc, source limit 15"
    )
    assert [[row["source"], row["stories"], row["articles"], row["duplicates"]] for row in figures.sources] == found
    assert [row[1:] for row in document.numbers("sources-table", 1, 2, 3)] == texts(row[1:] for row in found)


def test_the_first_of_families_are_counted_by_source(figures, ask):
    leading = ask(
        "select source, count(*) from articles where article_id in (select family_id from duplicates) group by source"
    )
    found = {row["source"]: row["first_in_family"] for row in figures.sources}
    assert {source: count for source, count in found.items() if count} == dict(leading)


def test_languages_are_those_of_the_tables(document, ask):
    found = ask("select language, count(*) from stories group by language order by 2 desc, 1")
    shown_rows = [[row[0].split()[-1], row[1]] for row in document.numbers("languages-table", 1)]
    assert shown_rows == texts(found)


def test_languages_declared_otherwise_are_counted(document, ask):
    found = ask(
        "select declared_language, language, count(*) from stories where declared_language <> language "
        "and language <> 'und' group by all order by 3 desc, 1, 2"
    )
    assert [row[:3] for row in document.tables["conflicts"][1:]] == texts(found)


def test_families_are_those_of_the_tables(document, figures, ask):
    found = ask(
        "select size, count(*) from (select count(distinct item_key) as size from stories group by family_id) "
        "where size > 1 group by size order by size"
    )
    assert sum(row["families"] for row in figures.family_sizes if row["least"] > 1) == sum(count for _, count in found)
    assert sum(int(row[1]) for row in document.tables["sizes"][1:]) == sum(count for _, count in found)
    assert sum(int(row[2]) for row in document.tables["sizes"][1:]) == sum(size * count for size, count in found)


def test_the_largest_family_is_told_in_full(figures, ask):
    largest = figures.families[0]
    members = ask(f"select relation, source, published_at from stories where family_id = '{largest['family_id']}'")
    times = sorted(at for _, _, at in members)
    assert (
        largest["size"]
        == len(members)
        == largest["articles"] + sum(largest[kind] for kind in ("exact", "near", "excerpt", "expansion"))
    )
    assert largest["hours"] == pytest.approx((times[-1] - times[0]).total_seconds() / 3600)
    assert largest["sources"] == sorted({source for _, source, _ in members})


def test_entities_are_those_of_the_tables(document, ask):
    found = ask(
        "select name, id, count(distinct article_id) as n, sum(count)::bigint as mentions from "
        "(select article_id, unnest(entities, recursive := true) from articles) "
        "where type = 'place' group by name, id order by n desc, mentions desc, name, id limit 12"
    )
    shown_rows = [row[:3] for row in document.tables["entities-place"][1:]]
    assert shown_rows == [[name + (i or ""), f"{n:,}", f"{m:,}"] for name, i, n, m in found]


def test_a_trend_counts_the_dated_articles_of_each_period(document, figures, ask):
    first, last = ask("select min(epoch_us(published_at)), max(epoch_us(published_at)) from articles")[0]
    (place,) = (row for row in figures.entities if row["name"] == "Oslo")
    times = ask(
        "select epoch_us(published_at) from articles where published_at is not null and "
        "list_contains(list_transform(entities, lambda one: one.name), 'Oslo')"
    )
    trend = [0] * PERIODS
    for (at,) in times:
        trend[PERIODS * (at - first) // (last - first + 1)] += 1
    assert place["trend"] == trend
    assert sum(trend) == place["articles"] > 0
    labels = {attributes.get("aria-label") for _, attributes in document.elements}
    assert f"articles in {PERIODS} equal periods: {', '.join(map(str, trend))}" in labels


def test_rejects_are_those_of_the_tables(document, ask):
    found = ask("select reason, count(*) from rejects group by reason order by 2 desc, 1")
    assert [re.match("[a-z_]+", row[1]) for row in document.tables["examples"][1:]]
    assert [row[1] for row in document.numbers("rejects-table", 1)] == [str(count) for _, count in found]
    assert all(
        row[0].startswith(reason) for row, (reason, _) in zip(document.tables["rejects-table"][1:], found, strict=True)
    )


def test_the_files_are_those_on_disk(document, lake):
    for table in ("articles", "duplicates", "rejects", "runs"):
        files = list(Path(lake, table).rglob("part-*.parquet"))
        row = next(row for row in document.tables["files"] if row[0] == table)
        assert row[2:] == [str(len(files)), size_of(sum(file.stat().st_size for file in files))]


def test_the_page_asks_nothing_of_another_place(document):
    for tag, attributes in document.elements:
        assert tag not in {"script", "iframe", "img", "object", "embed", "base", "form", "image", "use"}
        assert not {name for name in attributes if name.startswith("on")} | (
            {"src", "srcset", "action"} & attributes.keys()
        )
        address = attributes.get("href", "#")
        followed = tag == "a" and re.fullmatch(r"https://www\.(wikidata|geonames)\.org/[\w/]+", address)
        assert followed or address.startswith("#") or (tag == "link" and address == "data:,")
    assert "default-src 'none'" in str(document.elements)


def test_the_style_asks_nothing_of_another_place(figures):
    style = page(figures, NOW).split("<style>")[1].split("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style


def test_every_anchor_has_its_place(document):
    names = [attributes["id"] for _, attributes in document.elements if "id" in attributes]
    assert len(names) == len(set(names))
    targets = {a["href"][1:] for tag, a in document.elements if tag == "a" and a["href"].startswith("#")}
    assert targets <= set(names)


def test_every_drawing_is_named_or_is_decoration(document, figures):
    drawings = [attributes for tag, attributes in document.elements if tag == "svg"]
    assert all(a.get("aria-hidden") == "true" or (a.get("role") == "img" and a.get("aria-label")) for a in drawings)
    assert sum(a.get("role") == "img" for a in drawings) == 2 + sum(any(row["trend"]) for row in figures.entities)


def test_every_column_has_a_heading(document):
    assert all(cell for rows in document.tables.values() for cell in rows[0])
    assert all(len(row) == len(rows[0]) for rows in document.tables.values() for row in rows)


def test_markup_in_a_title_is_text(figures, document):
    text = page(figures, NOW)
    assert "<script" not in text
    assert "<script>alert('stolen')</script>" in document.text
    assert "<b> &amp; \"quotes\" 'and' in a headline" in document.text


def test_acting_characters_are_named_and_the_text_of_scripts_stays(figures, document):
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", page(figures, NOW))
    assert "U+202E" in document.text
    assert "مكتبة عائمة" in document.text


def test_long_text_is_cut_visibly(document):
    assert max(len(part) for part in document.texts if not part.startswith((":root", "\n"))) < 1000
    assert any(re.fullmatch("x+…", part) for part in document.texts)


def test_the_same_lake_gives_the_same_page(lake, figures):
    assert page(gather(open_lake(lake)), NOW) == page(figures, NOW)


def test_an_empty_lake_has_a_page(tmp_path):
    empty = gather(create_or_open(tmp_path / "lake"))
    text = Document(page(empty, NOW)).text
    assert empty.adds_up
    for said in ("0 read", "This lake holds no stories yet", "Nothing is refused", "Nothing was committed yet"):
        assert said in text
    assert "Languages as detected" not in text


def test_the_command_writes_one_page_and_says_where(newsfold, lake, tmp_path):
    done = newsfold("report", "--lake", lake, "--output", tmp_path / "out.html")
    assert (done.code, done.err) == (0, "")
    assert str(tmp_path / "out.html") in done.out
    assert [path.name for path in tmp_path.iterdir()] == ["out.html"]
    Document((tmp_path / "out.html").read_text("utf-8"))


def test_the_figures_are_json(newsfold, lake, ask):
    found = newsfold("report", "--lake", lake, "--json").json
    assert found["overview"]["stories"] == ask("select count(*) from stories")[0][0]
    assert found["adds_up"] is True
    assert found["days"][0]["day"] == "2024-01-01"


@pytest.mark.parametrize(("output", "said"), [("", "is a folder"), ("no/such/page.html", "no such folder")])
def test_a_page_that_cannot_be_written_is_one_line(newsfold, lake, tmp_path, output, said):
    done = newsfold("report", "--lake", lake, "--output", tmp_path / output)
    assert done.code == 2
    assert said in done.err
    assert done.err.count("\n") == 1


def test_no_lake_is_one_line(newsfold, tmp_path):
    done = newsfold("report", "--lake", tmp_path)
    assert (done.code, done.err.count("\n")) == (2, 1)


@given(st.text(max_size=300))
def test_any_text_comes_back_as_text(text):
    document = Document(element("div", {"title": text}, shown(text), plain(text)))
    assert document.elements[0][1]["title"] == text.replace("\r\n", "\n").replace("\r", "\n") or "\r" in text
    assert {tag for tag, _ in document.elements} <= {"div", "bdi", "span"}


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=60))
def test_nothing_that_acts_gets_through(text):
    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]", shown(text))


def test_only_ids_of_known_form_become_links():
    assert 'href="https://www.wikidata.org/wiki/Q458"' in linked("wikidata:Q458")
    assert 'href="https://www.geonames.org/2988507"' in linked("geonames:2988507")
    for identifier in ("iso:FR", "wikidata:Q1/../x", "javascript:alert(1)", "geonames:1 onclick=x", None):
        assert "href" not in linked(identifier)


def days_of(*counted):
    return [{"day": day, "articles": articles, "duplicates": 1} for day, articles in counted]


@given(st.dictionaries(st.dates(date(1900, 1, 1), date(2030, 1, 1)), st.integers(0, 50), min_size=1, max_size=60))
def test_every_story_is_drawn_or_said_to_be_left_out(counts):
    rows = days_of(*sorted(counts.items()))
    drawn = calendar(rows)
    told = sum(one.articles + one.duplicates for one in drawn.bins) + drawn.before + drawn.after
    assert told == sum(row["articles"] + row["duplicates"] for row in rows)
    assert len(drawn.bins) <= MOST_COLUMNS + 40
    assert [one.first for one in drawn.bins] == sorted({one.first for one in drawn.bins})


@pytest.mark.parametrize(
    ("last", "unit", "count"),
    [
        (date(2024, 1, 31), "day", 31),
        (date(2024, 12, 31), "week", 53),
        (date(2027, 1, 1), "month", 37),
        (date(2040, 6, 1), "year", 17),
    ],
)
def test_the_longer_the_time_the_wider_the_columns(last, unit, count):
    drawn = calendar(days_of((date(2024, 1, 1), 9), (last, 9)))
    assert (drawn.unit, len(drawn.bins)) == (unit, count)


def test_one_old_story_does_not_squeeze_the_others():
    month = [(date(2024, 5, day), 40) for day in range(1, 31)]
    drawn = calendar(days_of((date(1971, 1, 1), 1), *month))
    assert (drawn.unit, len(drawn.bins), drawn.before, drawn.after) == ("day", 30, 2, 0)


def test_sizes_are_classed_up_to_the_largest():
    classes = in_sizes([{"size": 1, "families": 9}, {"size": 4, "families": 2}, {"size": 5, "families": 1}])
    assert [(row["least"], row["most"], row["families"], row["items"]) for row in classes] == [
        (1, 1, 9, 9),
        (2, 2, 0, 0),
        (3, 3, 0, 0),
        (4, 5, 3, 13),
    ]


def test_a_share_is_never_rounded_to_none_or_all():
    assert [percent(n, 10_000) for n in (0, 1, 2_500, 9_999, 10_000)] == [
        "0 %",
        "< 0.1 %",
        "25.0 %",
        "> 99.9 %",
        "100 %",
    ]
    assert percent(0, 0) == "none"


def test_sizes_are_rounded_with_their_unit():
    assert [size_of(n) for n in (0, 999, 1_000, 435_900, 12_345_678)] == [
        "0 bytes",
        "999 bytes",
        "1.0 kB",
        "436 kB",
        "12.3 MB",
    ]


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_letters_and_drawings_stand_out_from_their_ground(colours):
    for ground in ("ground", "raised"):
        assert all(contrast(colours[name], colours[ground]) >= 4.5 for name in ("ink", "soft", "link"))
    outcomes = ("new", "revision", "exact", "near", "excerpt", "expansion", "seen", "rejected")
    assert all(contrast(colours[name], colours["ground"]) >= 3 for name in outcomes)
    assert contrast(colours["rejected"], colours["ground"]) >= 4.5  # it colours letters too


def test_json_and_page_say_the_same(newsfold, lake, figures):
    told = json.loads(newsfold("report", "--lake", lake, "--json").out)
    assert told["counts"] == figures.counts
    assert told["family_sizes"] == figures.family_sizes
