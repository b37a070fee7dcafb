"""What the server's process never loads: Keras slows each page down, TensorFlow takes 600 MB, statistics 45 MB."""

import subprocess
import sys
from pathlib import Path

from pages.places import PLACES

ROOT = Path(__file__).parents[2]

# Shows every page once, as the server would, and prints what of the forbidden is loaded then.
SHOW_EVERY_PAGE = """
import sys
from streamlit.testing.v1 import AppTest
import streamlit_app
from pages.places import PLACES
app = AppTest.from_file("pages/app.py", default_timeout=120).run()
shown = []
for place in PLACES:
    app.switch_page(place.path)
    app.run()
    assert not app.exception, (place, app.exception)
    shown.append(app.title[0].value)
print(len(shown), *({"tensorflow", "keras", "torch", "jax", "sklearn", "scipy.stats"} & set(sys.modules)))
"""


def test_no_page_loads_what_the_server_can_do_without(user_dir):
    result = subprocess.run(
        [sys.executable, "-c", SHOW_EVERY_PAGE], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert result.stdout.split() == [str(len(PLACES))], result.stderr[-2000:]
