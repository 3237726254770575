"""The dossier bound: which books a year asks for, what stands in each, and their PDFs.

    volumes -> papers found (signed, or the Word file as it lies) -> laid out -> contents with its page numbers -> PDF

What goes into which book comes from the kinds (`x-bo`, `x-moi`, `x-quyen`, order), how a set is called and in how many
copies it is made from the year's schema (`x-bo`) and the local rules (`so_bo`, `so_bo_loai`). Cover and contents are
kinds too, found by `x-vai-tro-quyen`.
"""

from __future__ import annotations

from .making import FOLDER, Books, Bound, Lying, make_books, stale
from .plan import WAYS, Volume, volumes
from .signed import SIGNED

__all__ = ["FOLDER", "SIGNED", "WAYS", "Books", "Bound", "Lying", "Volume", "make_books", "stale", "volumes"]
