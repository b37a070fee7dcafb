"""What workers of the local cluster do side by side: one piece of work, and one try that somebody is waiting for."""

LANES = ("work", "try")
