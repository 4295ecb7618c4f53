"""``make bench``: this program and its peers, on one corpus, in one run."""
