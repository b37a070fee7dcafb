"""The Playground: sliders that train."""
