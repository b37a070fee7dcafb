"""What workers of the local cluster do side by side: one piece of work, and one try, for which somebody waits."""

LANES = ("work", "try")
