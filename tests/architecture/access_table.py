"""Who gets what: one letter for each of the cast, in the order of tests/house.py.

s: is sent to sign in · x: is refused (403) · h: finds nothing (404) · A: may

    s t r a n g e r, a d m i n, o r g a n i s e r, e l s e w h e r e, …
"""

TABLE: dict[str, str] = {}
