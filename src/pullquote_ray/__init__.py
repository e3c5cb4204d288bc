"""Parses and embeds articles on a Ray cluster. The process that runs the rebuild writes the index.

`joining` starts Ray or joins a cluster. `pool` runs each worker (`worker`) as a Ray actor, and
gives the tasks of a lost worker to another. `preparing` keeps all workers busy, and returns results
in the order of the files, so the index is the same as without a cluster.

The entry point is in `backend`. Ray is only imported when a cluster is joined.
"""
