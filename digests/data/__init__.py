"""Data that ships with the library."""
