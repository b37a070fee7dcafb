"""The parts of the Backpropagation page: what is chosen, the lessons, and four ways to look at one update."""
