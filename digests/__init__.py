"""Depesche's library: reports in, actors, stories, timelines and digests out. Synchronous; knows no front end."""
