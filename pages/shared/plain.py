"""Show what a person typed as the text that it is.

Streamlit takes the text of most elements for Markdown: an image in a run's name would be loaded by everybody who sees
the name, and tell their addresses to whoever keeps the image.
"""

import re

# What begins code, emphasis, links, images, HTML, entities or formulas; and, at the start, headings, quotes and lists.
_MEANS_SOMETHING = re.compile(r"[\\`*\[\]<>&$~]|(?<!\w)_|_(?!\w)|^[#+-]|(?<=^\d)[.)]|(?<=^\d\d)[.)]")
# Links, icons and emojis are found once backslashes are gone; an invisible word joiner is not a part of any of them.
_FOUND_LATER = re.compile(r":(?=[\w/+-])|@|www(?=\.)", re.IGNORECASE)
_WORD_JOINER = "\u2060"


def plain(text: str) -> str:
    """Return Markdown that shows `text`, in one line, as it is.

    For elements that take Markdown: text, captions, messages, and labels of buttons, links, tabs and expanders. Not for
    tables, text boxes and options of select boxes, which show text as it is.
    """
    one_line = " ".join(text.split())
    joined = _FOUND_LATER.sub(lambda found: found[0] + _WORD_JOINER, one_line)
    return _MEANS_SOMETHING.sub(r"\\\g<0>", joined)
