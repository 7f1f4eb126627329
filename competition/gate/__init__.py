"""`competition test`: the checks of the source tree. Development only; no wheel carries it, no room imports it."""
