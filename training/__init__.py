"""Training of the German pipeline that ships in ``digests/nlp/de_depesche``. See README.md."""
