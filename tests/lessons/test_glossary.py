"""The glossary has one plain sentence for each word."""

from mnist_core.lessons.glossary import GLOSSARY


def test_each_term_has_one_whole_sentence():
    for term, sentence in GLOSSARY.items():
        assert term == term.lower()
        assert sentence[0].isupper() or sentence[0].isdigit()
        assert sentence.endswith(".")
        assert sentence.count(". ") == 0
        assert len(sentence) < 120


def test_terms_are_found_in_order():
    assert list(GLOSSARY) == sorted(GLOSSARY)


def test_the_words_that_every_page_uses_are_there():
    assert {"run", "recipe", "cost", "held-out images", "test set", "network", "epoch", "step"} <= GLOSSARY.keys()
