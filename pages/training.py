"""Training: choose a recipe, press Start, and watch the network learn."""

from pages.shared import page

page.head("Training", "Choose a recipe, press Start, and watch the network learn.")
