"""The local Dask cluster's process, and what is sent through it. Apart from the engine, so that it stays small."""
