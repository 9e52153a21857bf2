"""A user's own names: read strictly, found before ours."""

import pickle

import pytest

from schemas.errors import UsageError
from transforms.entities.own_names import OwnName, digest, read_own_names
from transforms.entities.taggers import EntityChoice, open_tagger, tag_version
from transforms.entities.titled import Titled

GLOBEX = OwnName(
    "Globex Institute",
    "organisation",
    "wikidata:Q1",
    ("Globex", "\u0413\u043b\u043e\u0431\u0435\u043a\u0441", "\u74b0\u7403"),
)
DOE = OwnName("Mira Doe", "person", None, ())


def tagged(own, title, text, language="en"):
    (found,) = open_tagger(EntityChoice(own=tuple(own)))([Titled(title, text, language)])
    assert all(
        {"title": title, "text": text}[m.field][m.start : m.end] == m.text for entity in found for m in entity.mentions
    )
    assert all(entity.count == len(entity.mentions) for entity in found)
    return {entity.name: entity for entity in found}


def written(folder, content):
    path = folder / "own.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


def test_a_file_gives_names_ids_and_aliases(tmp_path):
    path = written(
        tmp_path,
        "\ufeffname,type,id,aliases\r\n"
        'Globex  Institute,organisation,wikidata:Q1,"Globex|\u0413\u043b\u043e\u0431\u0435\u043a\u0441|\u74b0\u7403"\r\n'
        '"Mira Doe",person,,\r\n',
    )
    assert read_own_names(path) == (GLOBEX, DOE)


def test_id_and_aliases_may_be_left_out_and_names_become_nfc(tmp_path):
    assert read_own_names(written(tmp_path, "type,name\nplace,Cafe\u0301\n")) == (
        OwnName("Caf\u00e9", "place", None, ()),
    )


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "line 1: 'nothing' is no header; begin with name,type,id,aliases"),
        ("name,kind\n", "line 1: 'name,kind' is no header"),
        ("name,type,id,aliases\nA,persn,,\n", "line 2: type 'persn' is none of person, place, organisation"),
        ("name,type,id,aliases\nA,person,,\n , place,,\n", "line 3: the name is empty"),
        ("name,type,id,aliases\nA,person\nB\n", "line 3: not as many fields"),
        ("name,type\nA,person,x\n", "line 2: not as many fields"),
        ("name,type,id,aliases\nA B,person,,C\nC,place,,\n", "line 3: 'C' stands on line 2 already; keep one"),
        ('name,type\n"A"B,person\n', "line 2: "),
        (b"name,type\n\xff\xfe,person\n", "not UTF-8"),
    ],
)
def test_a_bad_line_is_named_with_its_remedy(content, told, tmp_path):
    path = written(tmp_path, content)
    with pytest.raises(UsageError) as error:
        read_own_names(path)
    assert f"--gazetteer {path}" in str(error.value)
    assert told in str(error.value)


def test_own_names_are_found_by_name_and_alias_in_any_script():
    found = tagged([GLOBEX], "Globex grows", "The Globex Institute hired ten people. Globexes are not it.")
    assert (found["Globex Institute"].id, found["Globex Institute"].type) == ("wikidata:Q1", "organisation")
    assert [m.text for m in found["Globex Institute"].mentions] == ["Globex", "Globex Institute"]
    assert "Globex Institute" in tagged(
        [GLOBEX],
        "",
        "\u0412 \u0413\u043b\u043e\u0431\u0435\u043a\u0441 \u043f\u0440\u0438\u0448\u043b\u0438 \u043b\u044e\u0434\u0438.",
        "ru",
    )
    assert "Globex Institute" in tagged([GLOBEX], "", "\u5728\u74b0\u7403\u5de5\u4f5c\u3002", "zh")


def test_own_names_come_before_ours_in_the_same_place():
    ours = tagged([], "", "She flew to Paris on Monday.")
    assert ours["Paris"].type == "place"
    own = tagged([OwnName("Paris", "organisation", "desk:7", ())], "", "She flew to Paris on Monday.")
    assert (own["Paris"].type, own["Paris"].id, len(own)) == ("organisation", "desk:7", 1)


def test_the_longer_of_two_that_overlap_stays():
    own = [OwnName("Merkel", "organisation", "desk:1", ()), OwnName("in Paris on Monday", "place", "desk:2", ())]
    found = tagged(own, "", "Angela Merkel was in Paris on Monday.")
    assert set(found) == {"Angela Merkel", "in Paris on Monday"}


def test_a_later_bare_surname_comes_along():
    found = tagged(
        [OwnName("Mira Doe", "person", "desk:3", ())], "", "Mira Doe spoke to reporters. Later Doe left for home."
    )
    assert [m.text for m in found["Mira Doe"].mentions] == ["Mira Doe", "Doe"]
    assert found["Mira Doe"].id == "desk:3"


def test_a_name_of_ours_with_the_same_id_is_the_same():
    ours = tagged([], "", "The Eiffel Tower stands in Paris.")["Paris"]
    own = OwnName("City of Light", "place", ours.id, ())
    found = tagged([own], "", "Paris, the City of Light, sleeps.")
    assert [m.text for m in found["City of Light"].mentions] == ["Paris", "City of Light"]


def test_the_version_follows_the_content_and_the_choice_travels():
    versions = {tag_version(EntityChoice(own=own)) for own in ((), (GLOBEX,), (GLOBEX, DOE), (DOE,))}
    assert len(versions) == 4
    assert tag_version(EntityChoice(own=(DOE,))).endswith(f"+own-{digest((DOE,))}")
    choice = EntityChoice(own=(GLOBEX, DOE))
    assert pickle.loads(pickle.dumps(choice)) == choice
