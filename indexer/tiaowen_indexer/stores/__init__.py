"""Where the legs are searched: the mapped snapshot of this machine, or Milvus.

Both hold to one protocol (`protocol.ClauseStore`) and one suite of tests. Texts, documents and
what was mined are read from the snapshot folder in either case.
"""
