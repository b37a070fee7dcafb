"""The command line: ``python -m mnist_core train | evaluate | presets | benchmark``."""

import sys

from mnist_core.cli.parser import main

if __name__ == "__main__":
    sys.exit(main())
