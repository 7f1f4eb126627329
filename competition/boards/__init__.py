"""Boards for visitors and projectors: live, frozen, revealed step by step."""
