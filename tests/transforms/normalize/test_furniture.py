"""Site furniture goes from the end of a text, the story never."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.normalize.furniture import MAX_LINE_CHARS, is_furniture, strip_trailing
from transforms.normalize.furniture_phrases import HEADINGS, LANGUAGES, LINES

STORY = (
    "The council voted on Tuesday to keep the old bridge open to pedestrians.\n\n"
    "A decision about cars will be taken next year, the mayor said."
)


@pytest.mark.parametrize(
    "below",
    [
        "Related News :",
        "Loading categories…",
        "Loading categories...\nLoading...",
        "Read more",
        "READ MORE >>",
        "Lire aussi",
        "Lire aussi : Le pont fermé pour travaux",
        "Share this",
        "Subscribe to our newsletter",
        "Advertisement",
        "Anzeige",
        "© 2024 Example Media. All rights reserved.",
        "Copyright 2018 The Example Press. All rights reserved. This material may not be published.",
        "(c) Example Media 2024",
        "Читайте также: Мост закрыли на ремонт",
        "相关阅读：大桥关闭",
        "관련기사",
        "İlgili Haberler",
        "اقرأ أيضا",
        "यह भी पढ़ें: पुल बंद",
        "Follow us on Facebook and Twitter",
        "12 comments",
        "CONNECT TWEET LINKEDIN 27 COMMENTEMAILMORE",
        "Related News :\n• Bridge closed for repairs\n• Mayor under pressure\n• Who pays for the bridge?",
        "Most read\n1\nBridge closed for repairs\n2\nMayor under pressure",
        "Weitere Artikel:\n\n- Brücke gesperrt\n- Bürgermeister unter Druck\n\nAnzeige\n\n© 2024 Beispiel",
        "___\n\nRelated stories:\nBridge closed for repairs\nAdvertisement",
    ],
)
def test_furniture_goes_and_is_given_back(below):
    story, removed = strip_trailing(f"{STORY}\n\n{below}")
    assert story == STORY
    assert removed == below


@pytest.mark.parametrize(
    "text",
    [
        STORY,
        "",
        "Advertisement",
        "Read more\n\nShare this",
        "Read more books, the minister told pupils.",
        f"{STORY}\n\nMore than 40 people signed.",
        f"{STORY}\n\nCopyright law will change in autumn, the minister said.",
        f"{STORY}\n\nRelated News :\n• Bridge closed\n\nThe mayor declined to comment on the vote.",
        f"{STORY}\n\n• Zelensky speaks on television\n• Erdogan criticises the delivery",
        f"{STORY}\n\n___",
        f"{STORY}\n\nThe text says “all rights reserved”, but nobody has claimed them, the singer said.",
        f"{STORY}\n\nHe said he would share this with the council",
        f"Related stories\n\n{STORY}",
        "Headlines today\nTrending\nOne short line\nAnother short line\n"
        + "A third short line of the digest\n" * 10
        + "End",
        f"{STORY}\n\n" + "All rights reserved for the people of the region, " * 9,
    ],
)
def test_stories_stay_whole(text):
    assert strip_trailing(text) == (text, "")


def test_a_long_list_below_a_short_story_is_still_cut():
    links = "\n".join(f"• Headline number {number}" for number in range(20))
    story = "A fire broke out in the old harbour on Monday night. Nobody was hurt, and the fire was out by six in the morning."
    assert strip_trailing(f"{story}\n\nMore stories\n{links}") == (story, f"More stories\n{links}")


def test_at_least_fifteen_languages_are_known():
    assert len(LANGUAGES) >= 15
    assert all(phrase == phrase.casefold().strip() for phrase in LINES | HEADINGS)


@pytest.mark.parametrize("phrase", sorted(LINES | HEADINGS))
def test_every_phrase_is_recognised_as_it_is_and_dressed_up(phrase):
    assert is_furniture(phrase)
    assert is_furniture(f"• {phrase} :")
    assert is_furniture(f"{phrase.upper()}…") or phrase.upper().casefold() != phrase


lines = st.lists(st.one_of(st.sampled_from(sorted(LINES | HEADINGS)), st.text(max_size=30)), max_size=8)


@given(lines.map("\n".join))
def test_nothing_is_lost_and_twice_changes_nothing(text):
    story, removed = strip_trailing(text)
    assert text.startswith(story)
    assert text.rstrip("\n").endswith(removed)
    assert (story + removed).replace("\n", "") == text.replace("\n", "")
    assert strip_trailing(story) == (story, "")


def test_long_lines_are_paragraphs():
    assert not is_furniture("Advertisement " + "x" * MAX_LINE_CHARS)
