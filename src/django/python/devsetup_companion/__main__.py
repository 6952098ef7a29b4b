"""Started as a folder: `python …/devsetup_companion manage.py [--fd 3] [--lock-timeout 2000] [--report-installed | --collect-missing]`, in the folder of manage.py."""

import os
import sys

# Python put this folder first on sys.path. The package is imported through its parent once; afterwards its modules are
# found through its __path__, and sys.path can look as it does under `python manage.py`.
sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
from devsetup_companion.start import bootstrap  # noqa: E402

del sys.path[0]
bootstrap.main(sys.argv[1:])
