"""Parses and embeds articles on a Ray cluster. The process that rebuilds writes the index.

`joining` starts Ray or joins a cluster. `pool` runs each worker (`worker`) as a Ray actor and gives
the tasks of a lost worker to another; `slots` counts the tasks of each. `preparing` keeps all
workers busy, and returns results in the order of the files, so the index is the same as without a
cluster.

The entry point names `backend`. Ray is imported when a cluster is joined.
"""
