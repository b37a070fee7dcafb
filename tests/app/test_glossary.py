"""Words of the field explain themselves where a newcomer meets them, on every page by the same sentences."""

import ast
import re
from pathlib import Path

import pytest

from mnist_core.lessons.glossary import GLOSSARY
from pages.places import PLACES
from pages.shared import glossary

PAGES = Path(glossary.__file__).parents[1]
MARKED = re.compile(r"\[\[([^\[\]|]+)(?:\|([^\[\]|]+))?\]\]")


def explained_in(folder: str) -> list[str]:
    """Return the terms that the files of a page explain, by a mark in a text or by `means`, as often as they do."""
    found = []
    for file in sorted((PAGES / folder).glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found += [term or shown.lower() for shown, term in MARKED.findall(node.value)]
            elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "means":
                found += [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
    return found


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.folder)
def test_every_page_explains_words_that_the_glossary_has(place):
    terms = explained_in(place.folder)
    assert terms
    assert set(terms) <= GLOSSARY.keys()


def test_the_words_at_which_a_newcomer_stops_are_explained_somewhere():
    terms = {term for folder in ("shared", *(place.folder for place in PLACES)) for term in explained_in(folder)}
    assert {
        "activation",
        "backpropagation",
        "bias",
        "calibrated",
        "confusion matrix",
        "cost",
        "dead unit",
        "float64",
        "gradient",
        "held-out images",
        "learning rate",
        "logits",
        "mcnemar's test",
        "parameters",
        "relu",
        "run",
        "softmax",
        "temperature",
        "test set",
        "try",
        "unit",
        "validation accuracy",
        "weight",
    } <= terms


def test_a_marked_word_carries_its_sentence():
    shown = glossary.explained("The [[cost]] after two [[epochs|epoch]], by [[ReLU]].")
    assert re.sub("<[^>]*>", "|", shown) == (
        f"The |cost|{GLOSSARY['cost']}|| after two |epochs|{GLOSSARY['epoch']}||, by |ReLU|{GLOSSARY['relu']}||."
    )
    assert shown.count('tabindex="0"') == 3
    assert f'aria-description="{GLOSSARY["cost"]}"' in shown


def test_an_unknown_word_is_an_error_and_what_people_type_is_no_mark():
    with pytest.raises(KeyError):
        glossary.explained("[[costs]]")
    assert glossary.explained(r"\[\[cost\]\]") == r"\[\[cost\]\]"


def test_a_page_shows_marked_words_as_html(show_page):
    body = " ".join(element.value for element in show_page("overview").markdown)
    assert f'parameters<span aria-hidden="true">{GLOSSARY["parameters"]}</span></dfn>' in body
    assert "[[" not in body
