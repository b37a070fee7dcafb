"""The parts of the Keras comparison page, from top to bottom: start, follow, outcome, code."""
