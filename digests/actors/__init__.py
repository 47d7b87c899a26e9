"""Surface forms -> actors: who is named in a text, and whom a question means. Pure.

:class:`Catalogue` knows the actors (the curated list, and what the store has
learned); :func:`resolve` finds them in a document.
"""

from digests.actors.catalogue import Catalogue, Lookup
from digests.actors.profiles import Curated, Profile, Term
from digests.actors.resolution import Resolution, resolve

__all__ = ["Catalogue", "Curated", "Lookup", "Profile", "Resolution", "Term", "resolve"]
