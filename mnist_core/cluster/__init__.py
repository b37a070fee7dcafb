"""The local Dask cluster's process, and what is sent through it. Kept apart from the engine so that it stays small."""
