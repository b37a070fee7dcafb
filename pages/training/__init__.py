"""The Training page: recipe and curves, a run followed live, and its film."""
