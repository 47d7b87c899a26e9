"""Reading: language -> pipeline -> Document -> Reading. The only room that imports spaCy."""
