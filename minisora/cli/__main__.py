"""`python -m minisora.cli` is `minisora`."""

import sys

from minisora.cli import main

sys.exit(main())
