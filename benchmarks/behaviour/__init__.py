"""Stores what the program does, and compares it byte for byte with what a later commit does.

    python -m benchmarks.behaviour store STORED [--data DATA] [--only replies,http] [--limit 5]
    ... change the code, move the files ...
    python -m benchmarks.behaviour compare STORED

`store` runs each part of `PARTS`, and writes a file for each: one line of JSON a unit, such as a
question with its whole reply. `compare` runs the same parts with the same options, prints how many
units are equal, changed, missing or new, and writes all differences to STORED/diffs. Its exit
status is 0 if nothing has changed, and 3 otherwise.

What differs from run to run is masked: times, names of generations, folders, ports. The day is
masked where it is written, but a phrase such as "yesterday" in a question has another meaning
tomorrow. So store and compare on one day, on one machine.

The index of the news articles is built once, into STORED/news-index, and both runs use it. The
index of the sample articles is built in each run. The parts use what the public can use: the
Python API, the commands, HTTP and the ids of elements of the page. So modules may be moved without
changing this package.
"""
