"""What the README says of settings is what `settings.py` has."""

import re
from pathlib import Path

from mnist_core.settings import Settings

README = (Path(__file__).parents[1] / "README.md").read_text()


def test_the_table_holds_every_setting_with_its_default():
    table = README.partition("## Settings")[2].partition("\n## ")[0]
    rows = dict(re.findall(r"^\| `MNIST_(\w+)` \| (.*?) \|", table, re.MULTILINE))
    fields = {name.upper(): field for name, field in Settings.model_fields.items()}
    assert rows.keys() == fields.keys()
    for name, field in fields.items():
        if isinstance(field.default, int | float):
            assert float(rows[name].replace(",", "")) == field.default, name
        elif isinstance(field.default, str):
            assert rows[name].strip("`") == field.default, name


def test_no_variable_is_named_that_does_not_exist():
    named = {name.lower() for name in re.findall(r"\bMNIST_([A-Z_]+)\b", README)}
    assert named <= set(Settings.model_fields)
