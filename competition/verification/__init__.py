"""The independent verifier of published results; it imports nothing of this package."""
