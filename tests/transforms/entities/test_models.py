"""Models of outside libraries as taggers, each tiny and made here; skipped where the library is not installed."""

import json

import pytest

from schemas.errors import UsageError
from transforms.entities.model_files import digest_of
from transforms.entities.own_names import OwnName
from transforms.entities.taggers import EntityChoice, open_tagger, tag_version
from transforms.entities.titled import Titled

ENGLISH = Titled("Zorblat in Paris", "Mira Zorblat flew to Paris. Quuxcorp paid, said Zorblat.", "en")
FRENCH = Titled("", "Emmanuel Macron est \u00e0 Lyon.", "fr")


def names(entities):
    return {entity.name: (entity.type, entity.id, [m.text for m in entity.mentions]) for entity in entities}


def check_offsets(entities, article):
    for entity in entities:
        for m in entity.mentions:
            assert getattr(article, m.field)[m.start : m.end] == m.text


def test_a_digest_follows_every_file(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a").write_bytes(b"1")
    before = digest_of(tmp_path)
    assert digest_of(tmp_path) == before
    (tmp_path / "deep" / "a").write_bytes(b"2")
    assert digest_of(tmp_path) != before


@pytest.fixture(scope="module")
def spacy_model(tmp_path_factory):
    spacy = pytest.importorskip("spacy", reason="spaCy is not installed: pip install 'newsfold[spacy]'")
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns(
        [
            {"label": "PERSON", "pattern": "Mira Zorblat"},
            {"label": "PERSON", "pattern": "Zorblat"},
            {"label": "GPE", "pattern": "Paris"},
            {"label": "ORG", "pattern": "Quuxcorp"},
            {"label": "DATE", "pattern": "Monday"},
        ]
    )
    folder = tmp_path_factory.mktemp("spacy") / "model"
    nlp.to_disk(folder)
    return str(folder)


def test_a_spacy_model_tags_its_language_and_leaves_others_to_the_rules(spacy_model):
    choice = EntityChoice(f"spacy:{spacy_model}")
    english, french, none = open_tagger(choice)([ENGLISH, FRENCH, Titled("", "", "en")])
    check_offsets(english, ENGLISH)
    assert names(english)["Mira Zorblat"] == ("person", None, ["Mira Zorblat"])
    assert names(english)["Quuxcorp"] == ("organisation", None, ["Quuxcorp"])
    assert names(english)["Paris"][1].startswith("geonames:")
    assert names(english)["Paris"][2] == ["Paris", "Paris"]
    assert set(names(french)) == {"Emmanuel Macron", "Lyon"}
    assert none == ()
    assert tag_version(choice).startswith("spacy-pipeline-")


def test_a_spacy_model_is_loaded_once_and_own_names_come_before_its(spacy_model):
    choice = EntityChoice(f"spacy:{spacy_model}")
    assert open_tagger(choice) is open_tagger(choice)
    own = (OwnName("Quuxcorp", "place", "desk:1", ()),)
    (found,) = open_tagger(EntityChoice(choice.name, own))([ENGLISH])
    assert names(found)["Quuxcorp"] == ("place", "desk:1", ["Quuxcorp"])


def test_a_spacy_model_that_is_not_there_is_one_line():
    pytest.importorskip("spacy", reason="spaCy is not installed: pip install 'newsfold[spacy]'")
    with pytest.raises(UsageError, match=r"--entities spacy:xx_none: spaCy cannot load it .*python -m spacy download"):
        open_tagger(EntityChoice("spacy:xx_none"))


@pytest.fixture(scope="module")
def hf_model(tmp_path_factory):
    """A tiny network with weights set by hand: it knows three names, and nothing else."""
    transformers = pytest.importorskip(
        "transformers", reason="transformers is not installed: pip install 'newsfold[hf]'"
    )
    torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'newsfold[hf]'")
    folder = tmp_path_factory.mktemp("hf") / "model"
    folder.mkdir()
    words = "[PAD] [UNK] [CLS] [SEP] [MASK] mira zorblat in paris flew to quuxcorp paid said , .".split()
    labels = ["O", "B-PER", "B-LOC"]
    config = transformers.BertConfig(
        vocab_size=len(words),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=32,
        id2label=dict(enumerate(labels)),
        label2id={label: at for at, label in enumerate(labels)},
    )
    network = transformers.BertForTokenClassification(config)
    # Every token's vector becomes its own word's, so that the last layer can tell names from other words.
    with torch.no_grad():
        for name, weights in network.named_parameters():
            if "embeddings.word_embeddings" in name:
                weights.zero_()
                for word, at in (("mira", 0), ("zorblat", 0), ("paris", 1)):
                    weights[words.index(word), at] = 8.0
            elif "LayerNorm.weight" in name:
                weights.fill_(1.0)
            elif "classifier.weight" in name:
                weights.zero_()
                weights[1, 0] = weights[2, 1] = 4.0
            elif "classifier.bias" in name:
                weights.copy_(torch.tensor([4.0, 0.0, 0.0]))
            else:
                weights.zero_()
    network.save_pretrained(folder)
    _tokenizer(words).save_pretrained(folder)
    return str(folder)


def _tokenizer(words):
    import tokenizers  # noqa: PLC0415  of an extra that may be missing
    import transformers  # noqa: PLC0415  as above

    made = tokenizers.Tokenizer(tokenizers.models.WordPiece({w: at for at, w in enumerate(words)}, unk_token="[UNK]"))
    made.normalizer = tokenizers.normalizers.Lowercase()
    made.pre_tokenizer = tokenizers.pre_tokenizers.BertPreTokenizer()
    ends = [("[CLS]", words.index("[CLS]")), ("[SEP]", words.index("[SEP]"))]
    made.post_processor = tokenizers.processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=ends)
    special = {f"{name}_token": f"[{name.upper()}]" for name in ("unk", "pad", "cls", "sep", "mask")}
    return transformers.PreTrainedTokenizerFast(tokenizer_object=made, **special)


def test_an_hf_model_tags_whole_articles_and_gives_ids(hf_model):
    choice = EntityChoice(f"hf:{hf_model}")
    long = Titled("", "to , said . " * 60 + "Mira flew to Paris.", "en")
    english, tagged_long, none = open_tagger(choice)([ENGLISH, long, Titled("", " ", "und")])
    check_offsets(english, ENGLISH)
    check_offsets(tagged_long, long)
    assert names(english)["Paris"][0] == "place"
    assert names(english)["Paris"][1].startswith("geonames:")
    assert {"person", "place"} == {entity.type for entity in english}
    assert names(tagged_long)["Mira"] == ("person", None, ["Mira"])  # far behind the first window
    assert none == ()
    assert tag_version(choice).startswith("hf-model-")


def test_what_is_no_hf_model_is_one_line(tmp_path):
    pytest.importorskip("transformers", reason="transformers is not installed: pip install 'newsfold[hf]'")
    (tmp_path / "config.json").write_text(json.dumps({}))
    with pytest.raises(UsageError, match="transformers cannot load it"):
        open_tagger(EntityChoice(f"hf:{tmp_path}"))
