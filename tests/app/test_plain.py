"""What a person typed is shown as the text that it is, in Markdown as in charts."""

import re

import pytest

from pages.shared.plain import plain

JOINER = "\u2060"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("run of 784-128-64-10 at 0.1, 95.40 %", "run of 784-128-64-10 at 0.1, 95.40 %"),
        ("best_run_2", "best_run_2"),
        ("![](http://evil.example/x.png)", rf"!\[\](http:{JOINER}//evil.example/x.png)"),
        ("[log in](//evil.example)", r"\[log in\](//evil.example)"),
        ("https://evil.example", f"https:{JOINER}//evil.example"),
        ("www.evil.example", f"www{JOINER}.evil.example"),
        ("me@evil.example", f"me@{JOINER}evil.example"),
        (":material/lock: :smile: :red[danger]", rf":{JOINER}material/lock: :{JOINER}smile: :{JOINER}red\[danger\]"),
        ("<b>bold</b> &lt; $x$ `code` ~~gone~~", r"\<b\>bold\</b\> \&lt; \$x\$ \`code\` \~\~gone\~\~"),
        ("*a* _b_ **c**", r"\*a\* \_b\_ \*\*c\*\*"),
        ("# big", r"\# big"),
        ("1. first", r"1\. first"),
        ("- one\n- two", r"\- one - two"),
        ("back\\\\slash", r"back\\\\slash"),
    ],
)
def test_nothing_that_is_typed_means_anything(typed, shown):
    assert plain(typed) == shown


def test_one_line_stays_one_line():
    assert "\n" not in plain("a\n\n# b\r\n    c\td")
    assert not re.search(r"\s\s", plain("a\n\n b"))
