"""What we can answer: the reviewed entries, and how a question finds its entry."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy: for small tables threads cost more than they give
