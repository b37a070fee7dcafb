"""The parts of the Evaluation page, one a file: each shows one thing about the network that is judged.

Read in this order: subject, headline, matrix, errors, image, trust, robustness, versus, downloads.
"""
