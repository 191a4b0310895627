"""``python -m evals.bench``."""

import sys

from evals.bench.command import main

if __name__ == "__main__":
    sys.exit(main())
