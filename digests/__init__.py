"""Depesche's library: reports in, stories and digests out. Synchronous; knows no front end."""
