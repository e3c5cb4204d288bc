"""What every other room stands on: files, threads, dates, templates, the console, and weights."""
