"""The page Administration: what goes on here and what holds for all, for administrators alone."""
