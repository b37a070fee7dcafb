"""The sections of the Dataset page, and what they share: cached figures, and images large and small."""
