"""What the server's process never loads: Keras would slow every page down, TensorFlow takes 600 MB."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

# Shows every page once, as the server would, and prints what of the forbidden is loaded then.
SHOW_EVERY_PAGE = """
import sys
from pathlib import Path
from streamlit.testing.v1 import AppTest
import streamlit_app
app = AppTest.from_file("pages/app.py", default_timeout=120).run()
shown = []
for file in sorted(Path("pages").glob("*.py")):
    if file.stem not in ("__init__", "app"):
        app.switch_page(file.name)
        app.run()
        assert not app.exception, (file, app.exception)
        shown.append(app.title[0].value)
print(len(shown), *({"tensorflow", "keras", "torch", "jax"} & set(sys.modules)))
"""


def test_no_page_loads_tensorflow_or_keras(user_dir):
    result = subprocess.run(
        [sys.executable, "-c", SHOW_EVERY_PAGE], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    pages = len(list((ROOT / "pages").glob("*.py"))) - 2
    assert result.stdout.split() == [str(pages)], result.stderr[-2000:]
