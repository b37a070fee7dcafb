"""The Draw page: an empty pad, a drawing, a photo, a test image; with and without runs; and bad input."""

import base64
import io
import json

import numpy as np
import pytest
from PIL import Image

from mnist_core.data.classes import DIGITS
from mnist_core.data.drawing import naive_resize
from mnist_core.data.mnist import load_mnist
from mnist_core.data.strokes import render
from mnist_core.evaluation.breaking import RANGES
from mnist_core.evaluation.reading import read
from mnist_core.runs import OPERATOR
from mnist_core.training import TrainingConfig
from mnist_core.training.fair import hold_out
from mnist_core.training.packaged_model import packaged_model
from pages.shared import resources
from pages.shared.drawn_image import KEY as DRAWN
from pages.shared.run_picker import PACKAGED_NAME
from tests.data.digit_strokes import strokes

PAD = "strokes of the drawing pad"
TRAINED = "run that the Draw page trains"


def text(app):
    return " ".join(element.value for element in (*app.subheader, *app.markdown, *app.caption))


def draw(app, digit):
    app.session_state[PAD] = strokes(digit, 20, 30, 70, 110)
    return app.run()


def png(pixels):
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def test_an_empty_pad_is_honest_and_the_packaged_network_waits(show_page):
    app = show_page("draw")
    assert app.title[0].value == "Draw a digit"
    assert [heading.value for heading in app.subheader] == ["I cannot tell."]
    assert "The pad is empty. Draw a digit" in text(app)
    assert "the network that comes with the app answers" in text(app)
    assert app.selectbox(key="draw.run").value == "packaged"
    assert app.session_state[DRAWN] is None


@pytest.mark.parametrize("digit", [3, 8])
def test_a_drawing_is_read_prepared_and_explained(show_page, digit):
    app = draw(show_page("draw"), digit)
    headings = [heading.value for heading in app.subheader]
    article = "an" if digit == 8 else "a"
    assert headings[0] == f"This is {article} {digit}."
    assert headings[1] == "How it flows through the network"
    assert headings[2] == "How it became an image that the network knows"
    assert headings[3].startswith(f"Why {article} {digit} and not a")
    html = " ".join(element.proto.body for element in app.get("html"))
    assert "Centre in 28 × 28" in html
    assert "before they are calibrated" in text(app)
    assert f"labelled {digit}" in html
    assert app.session_state[DRAWN].shape == (28, 28)


def test_the_naive_way_is_shown_beside_it_and_measured(show_page):
    app = draw(show_page("draw"), 3)
    assert "**Without the preparation:**" in text(app)
    next(button for button in app.button if button.label.startswith("Compare both")).click().run()
    measured = next(element.value for element in app.markdown if element.value.startswith("Prepared as MNIST was, **"))
    prepared, squeezed = (float(part.split(" %")[0]) for part in measured.split("**")[1::2])
    assert prepared > 95
    assert squeezed < 40


def test_a_dot_is_no_digit(show_page):
    app = show_page("draw")
    app.session_state[PAD] = [[(140, 140), (145, 140)]]
    assert app.run().subheader[0].value == "I cannot tell."
    assert "too small to be a digit" in text(app)


def test_the_sliders_break_it_and_reset_mends_it(show_page):
    app = draw(show_page("draw"), 7)
    assert app.subheader[0].value == "This is a 7."
    before = app.session_state[DRAWN]
    app.slider(key="right_px").set_value(8.0).run()
    assert np.array_equal(app.session_state[DRAWN], np.roll(before, 8, 1))
    app.slider(key="turn_deg").set_value(90.0).run()
    assert app.subheader[0].value != "This is a 7."
    assert "Changed by the sliders: move right +8 px, turn clockwise +90°" in text(app)
    next(button for button in app.button if button.label == "Reset").click().run()
    assert app.subheader[0].value == "This is a 7."
    assert app.slider(key="turn_deg").value == 0
    assert "Changed by the sliders" not in text(app)


def test_what_is_thinned_away_is_not_read(show_page):
    app = show_page("draw")
    app.session_state[PAD] = strokes(1, 20, 30, 180, 220)  # large, so that the pen is thin beside it
    app.run()
    app.slider(key="thicken_px").set_value(-2.0).run()
    assert app.subheader[0].value == "I cannot tell."
    assert "No ink is left" in text(app)


def test_curves_show_how_far_each_slider_can_go(show_page):
    app = draw(show_page("draw"), 7)
    assert not app.get("plotly_chart")
    app.toggle(key="curves").set_value(True).run()
    assert app.get("plotly_chart")[0].proto.alt == "Probability of a 7 against each of the four sliders"


def test_all_percentages_of_the_packaged_network_are_calibrated(show_page):
    app = draw(show_page("draw"), 7)
    app.toggle(key="curves").set_value(True).run()
    model = packaged_model()
    assert f"Calibrated for {PACKAGED_NAME}: on images of the data set that it has not learnt from" in text(app)
    probability = read(model.network, app.session_state[DRAWN], model.temperature).probabilities[7]
    shown = json.loads(app.get("plotly_chart")[0].proto.spec)["data"][0]["y"]
    curve = np.frombuffer(base64.b64decode(shown["bdata"]), shown["dtype"])
    assert curve[list(RANGES["right_px"]).index(0)] == pytest.approx(probability, abs=1e-5)
    careless = read(model.network, naive_resize(render(app.session_state[PAD])), model.temperature)
    assert f"> {careless.words(DIGITS)}" in text(app)
    assert "only centred digits of one size" in text(app)


def test_teach_me_hides_the_answer_until_the_guess(show_page):
    app = show_page("draw", input="Teach me", sample="0")
    assert [heading.value for heading in app.subheader] == ["What do you read?"]
    assert not app.success
    app.pills(key="guess 0").set_value(1).run()
    assert app.subheader[0].value == "This is a 7."
    assert app.success[0].value == "The network is right. People labelled this image a 7. You said 1."
    assert np.array_equal(app.session_state[DRAWN], load_mnist().test.images[0])
    next(button for button in app.button if button.label == "Another one").click().run()
    index = app.number_input(key="sample").value
    assert app.subheader[0].value == "What do you read?"
    app.pills(key=f"guess {index}").set_value(0).run()
    assert np.array_equal(app.session_state[DRAWN], load_mnist().test.images[index])


def test_a_test_image_that_is_read_wrongly_says_so(show_page):
    app = show_page("draw", input="Teach me", sample="247")
    assert load_mnist().test.labels[247] == 4
    app.pills(key="guess 247").set_value(4).run()
    assert app.warning[0].value == "The network is wrong. People labelled this image a 4. You said 4."


def test_what_is_to_be_learnt_carries_the_reader_and_the_truth(show_page, make_run):
    run = make_run("finished", 2, owner="another visitor")
    app = show_page("draw", input="Teach me", sample="0", run=run.id)
    app.pills(key="guess 0").set_value(7).run()
    assert learning_link(app) == f"picked=My+drawing&run={run.id}&meant=7"
    assert learning_link(draw(show_page("draw"), 3)) == "picked=My+drawing&run=packaged"


def learning_link(app):
    (link,) = [link for link in app.get("page_link") if link.label.startswith("Learn from this image")]
    return link.proto.query_string


def test_two_digits_are_hinted_at(show_page):
    app = show_page("draw")
    app.session_state[PAD] = [*strokes(3, 20, 80, 90, 130), *strokes(4, 160, 80, 90, 130)]
    assert app.run().info[0].value.startswith("These look like two digits side by side.")
    assert not draw(app, 4).info


def test_a_photo_is_read(show_page):
    app = show_page("draw", input="Photo")
    assert "Choose a photo of one digit" in text(app)
    paper = 230 - (large(load_mnist().test.images[0]) * 0.8).astype(np.uint8)
    app.file_uploader(key="photo").upload("seven.png", png(paper), "image/png").run()
    assert app.subheader[0].value == "This is a 7."
    assert "Your photo" in " ".join(element.proto.body for element in app.get("html"))


@pytest.mark.parametrize(
    ("content", "message", "words"),
    [
        (b"not a picture", "received something else", "This file cannot be read as a photo."),
        (png(np.full((60, 60), 200, np.uint8)), "", "Nothing in this photo stands out as ink."),
    ],
)
def test_what_is_no_photo_of_a_digit_is_refused_in_words(show_page, content, message, words):
    app = show_page("draw", input="Photo")
    app.file_uploader(key="photo").upload("photo.png", content, "image/png").run()
    assert words in text(app)
    assert [message in error.value for error in app.error] == [True] * bool(message)
    assert app.subheader[0].value == "I cannot tell."


def test_a_run_and_the_packaged_network_read_side_by_side(show_page, make_run):
    make_run("diverged", 1)
    runs = [make_run("finished", 2, test_accuracy=0.1) for _ in range(2)]
    app = draw(show_page("draw", run=runs[0].id, second="packaged"), 3)
    assert app.selectbox(key="draw.run").value == runs[0].id
    assert len(app.selectbox(key="draw.run").options) == 3
    assert f"**{PACKAGED_NAME}:** This is a 3." in text(app)
    app.selectbox(key="draw.second").set_value(runs[1].id).run()
    assert f"**{runs[1].name}:** " in text(app)
    assert f"**{PACKAGED_NAME}:**" not in text(app)


def test_one_click_trains_a_network(show_page, store):
    app = show_page("draw")
    next(button for button in app.button if button.label == "Train one in seconds").click().run()
    (run,) = store.list_runs(who=OPERATOR)
    assert run.config == hold_out(TrainingConfig.preset("fast"))
    assert app.session_state[TRAINED] == run.id


def large(digit):
    return np.asarray(Image.fromarray(digit).resize((280, 280)))


def test_a_runs_probabilities_are_calibrated_and_that_is_said(show_page, make_run):
    run = make_run("finished", 2, test_accuracy=0.1, temperature=0.5)
    app = draw(show_page("draw", run=run.id), 3)
    assert f"Calibrated for {run.name}: on images of the data set that it has not learnt from" in text(app)
    raw, calibrated = (
        read(resources.store().network(run.id, who=OPERATOR), app.session_state[DRAWN], t) for t in (None, 0.5)
    )
    sharper = raw.probabilities**2
    assert calibrated.probabilities == pytest.approx(sharper / sharper.sum(), rel=1e-5)
