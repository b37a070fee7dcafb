"""The pages: each reads its controls, asks mnist_core, and draws. No arithmetic and no SQL."""
