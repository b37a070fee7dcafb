"""Every page, named once: the navigation, the Overview and all links are made from this list."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the app.

    Attributes
    ----------
    folder
        Its package under ``pages/``, and its path in the address bar.
    title, icon
        As the navigation shows them; ``{thing}`` stands for what the data set's images show, as in the sentence.
    section
        Of the navigation.
    sentence
        What the page is for: under its title, and on the Overview.
    """

    folder: str
    title: str
    icon: str
    section: str
    sentence: str

    @property
    def path(self) -> str:
        """The page's file relative to the frame, as ``st.page_link`` and ``st.switch_page`` take it."""
        return f"{self.folder}/page.py"


OVERVIEW = Place(
    "overview",
    "Overview",
    ":material/home:",
    "Start",
    "A neural network, written from scratch in NumPy, learns while you watch.",
)
DATASET = Place(
    "dataset",
    "Dataset",
    ":material/grid_view:",
    "Start",
    "What the network learns from, image by image and in numbers.",
)
PLAYGROUND = Place(
    "playground",
    "Playground",
    ":material/tune:",
    "Train",
    "Change a setting, and a network is trained at once: you see what the setting does.",
)
TRAINING = Place(
    "training",
    "Training",
    ":material/play_circle:",
    "Train",
    "Choose a recipe, press Start, and watch the network learn.",
)
RUNS = Place(
    "runs", "Runs", ":material/list:", "Train", "Find, compare and repeat everything that has been trained here."
)
KERAS_COMPARISON = Place(
    "keras_comparison",
    "Keras comparison",
    ":material/compare_arrows:",
    "Prove",
    "The same network from scratch and in Keras: same first weights, same batches, compared after every epoch.",
)
EVALUATION = Place(
    "evaluation",
    "Evaluation",
    ":material/fact_check:",
    "Prove",
    "How good a finished network is, where it fails, and how far its answers can be trusted.",
)
DRAW = Place(
    "draw",
    "Draw a {thing}",
    ":material/draw:",
    "Understand",
    "Draw a {thing}, see at once what a network reads in it, and why.",
)
BACKPROPAGATION = Place(
    "backpropagation",
    "Backpropagation",
    ":material/account_tree:",
    "Understand",
    "How a network learns from one image: every number on the way forward, on the way back, and in the update.",
)

ADMINISTRATION = Place(
    "administration",
    "Administration",
    ":material/admin_panel_settings:",
    "Server",
    "Who is here, what is running, and what applies to everybody.",
)

# For everybody; Administration is for administrators alone.
PLACES = (OVERVIEW, DATASET, PLAYGROUND, TRAINING, RUNS, KERAS_COMPARISON, EVALUATION, DRAW, BACKPROPAGATION)
