"""A recipe is loaded from a file into the sidebar."""

from mnist_core.training import TrainingConfig
from mnist_core.training.config_file import write_config


def load(app, content):
    app.file_uploader(key="recipe file").upload("config.json", content, "application/json").run()
    assert not app.exception
    return app


def test_a_saved_recipe_fills_the_sidebar(show_page):
    config = TrainingConfig(optimizer="adam", learning_rate=0.002, hidden_units=(32, 16), epochs=7, batch_size=64)
    app = load(show_page("training"), write_config(config).encode())
    assert app.query_params["hidden_units"] == "32-16"
    assert app.query_params["optimizer"] == "adam"
    assert app.query_params["epochs"] == "7"


def test_a_file_that_is_no_recipe_is_explained_and_changes_nothing(show_page):
    app = show_page("training", epochs="12")
    load(app, b"no recipe")
    assert "expected a JSON file such as config.json" in app.error[0].value
    load(app, b'{"epochs": -1}')
    assert "epochs: expected greater than or equal to 1" in app.error[0].value
    assert app.query_params["epochs"] == "12"
