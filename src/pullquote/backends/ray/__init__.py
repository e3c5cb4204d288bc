"""Reading and embedding on a Ray cluster; what is written is written by us, as ever.

`joining` starts or joins Ray, `pool` has a desk run on it as an actor, as many as there are to be,
and gives to another what one was lost with; `slots` says who has what. `worker` is what works on a
node. `preparing` keeps all of them busy and gives what they did in the order of the files, so that
the index is the same.

`backend` is what the entry point names. Ray is imported when a cluster is joined and not before.
"""
