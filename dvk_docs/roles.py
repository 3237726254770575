"""How the roles of paragraphs are named in Word.

Each is a style found by its w:name (`DVK Nội dung`), since office programs rewrite style ids when they save.
"""

from __future__ import annotations

PREFIX = "DVK "
