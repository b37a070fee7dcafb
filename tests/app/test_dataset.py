"""The Dataset page: every section shows the right numbers, for MNIST and for other data, and states survive a link."""

import pytest


def text(app):
    return " ".join(element.value for element in (*app.markdown, *app.caption, *app.code))


def figures(app):
    """Return the alternative texts of the charts."""
    return [chart.proto.alt for chart in app.get("plotly_chart")]


def test_the_page_says_what_the_data_are_and_shows_samples(show_page):
    app = show_page("dataset")
    assert app.title[0].value == "Dataset"
    assert "**MNIST**: 60,000 images to learn from and a <dfn" in text(app)
    assert app.number_input(key="shuffle").value == 0
    index = app.number_input(key="image").value
    assert index == 48784
    assert "Image 48784, label **2**." in text(app)
    assert len(app.get("plotly_chart")) == 1  # the sections that are closed cost nothing


def test_another_image_filter_seed_and_set_show_other_samples(show_page):
    app = show_page("dataset")
    app.number_input(key="image").set_value(5).run()
    assert "Image 5, label **2**." in text(app)
    app.pills(key="only").set_value(7).run()
    assert "label **7**" in text(app)
    first = app.number_input(key="image").value
    next(button for button in app.button if button.label == "Reshuffle").click().run()
    assert app.number_input(key="shuffle").value == 1
    assert "label **7**" in text(app)
    assert app.number_input(key="image").value != first
    app.segmented_control(key="split").set_value("test").run()
    assert app.number_input(key="image").max == 9999
    assert app.number_input(key="image").value < 10_000


def test_a_link_restores_the_page(show_page):
    app = show_page("dataset", split="test", image="947", shuffle="3")
    assert "Image 947, label **8**." in text(app)
    assert app.number_input(key="shuffle").value == 3


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("split", "validation", "Expected one of training, test"),
        ("view", "Everything", "Expected one of Samples, Digit counts"),
        ("only", "ten", "Expected one of 0, 1"),
        ("shuffle", "-1", "Expected a whole number from 0 to 9999"),
        ("image", "60000", "Expected a whole number from 0 to 59999"),
    ],
)
def test_a_bad_link_is_explained_and_the_default_shown(show_page, name, value, expected):
    app = show_page("dataset", **{name: value})
    (warning,) = app.warning
    assert f"{name} = {value!r}" in warning.value
    assert expected in warning.value
    assert "Image 48784, label **2**." in text(app)


def test_the_counts_of_both_sets(show_page):
    table = show_page("dataset", view="Digit counts").dataframe[0].value.set_index("digit")
    assert table.loc["5"].to_dict() == pytest.approx(
        {"training count": 5421, "training share": 0.09035, "test count": 892, "test share": 0.0892}
    )


def test_averages_and_the_difference_of_two(show_page):
    app = show_page("dataset", view="Averages")
    assert figures(app) == ["The mean of the images of each digit, pixel by pixel"]
    app.segmented_control(key="average").set_value("difference").run()
    assert figures(app) == ["Mean image of 4 minus mean image of 9"]
    app.selectbox(key="second").select(1).run()
    assert figures(app) == ["Mean image of 4 minus mean image of 1"]


@pytest.mark.parametrize(
    ("split", "values"),
    [
        ("training", ["33.3", "78.6", "19.1 %", "67 of 784"]),
        ("test", ["33.8", "79.2", "19.3 %", "116 of 784"]),
    ],
)
def test_pixel_statistics(show_page, split, values):
    app = show_page("dataset", view="Pixels", split=split)
    assert [metric.value for metric in app.metric] == values
    table = app.dataframe[0].value.set_index("digit")
    assert table["pixels with ink"].idxmin() == "1"
    assert table.loc["all", "pixels"] == 784 * (60_000 if split == "training" else 10_000)


def test_the_map_asks_for_a_selection(show_page):
    app = show_page("dataset", view="Map")
    assert figures(app) == ["3,000 images as points, one colour and symbol for each digit"]
    assert "Nothing is selected yet" in app.info[0].value


def test_the_ends_of_the_map_are_chosen_without_a_mouse(show_page):
    app = show_page("dataset", view="Map", split="test")
    app.pills(key="end").set_value("left").run()
    assert "**40 images**" in text(app)
    assert "label **1**" in text(app)  # the first direction leads from ones to zeros
    app.pills(key="end").set_value("right").run()
    assert "label **0**" in text(app)


def test_the_unconfirmed_labels_are_shown_with_one_of_them_large(show_page):
    app = show_page("dataset", view="Unconfirmed labels")
    assert "these 15 test images" in text(app)
    assert "at most 0.15 %" in text(app)
    assert "Image 947, label **8**." in text(app)


def test_the_source_has_licence_fingerprint_and_checksums(show_page):
    app = show_page("dataset", view="Source")
    assert "CC BY-SA 3.0" in text(app)
    assert "06b0d1f124c4e5fa796686ade41a9b778edacc8622f2195a352ef479ad44fc16" in text(app)
    table = app.dataframe[0].value.set_index("content")
    assert table.loc["test labels", "sha256"].startswith("ff7bcfd4")


def test_with_other_data_the_page_speaks_of_classes_and_claims_nothing_of_mnist(show_page, fashion):
    app = show_page("dataset", view="Class counts")
    assert "**fashion-mnist**: 60,000 images" in text(app)
    assert "of 10 classes" in text(app)
    assert "Unconfirmed labels" not in [tab.label for tab in app.tabs]
    assert app.dataframe[0].value.set_index("class")["training count"].tolist() == [6000] * 10
    app = show_page("dataset", view="Source")
    assert "MNIST is by" not in text(app)
    assert "/usr/share/datasets/fashion-mnist" in text(app)
    app = show_page("dataset", view="Pixels")
    assert app.metric[0].value == "72.9"
    assert app.metric[3].value == "0 of 784"
    assert "Every pixel has ink in at least one image of this set." in text(app)
