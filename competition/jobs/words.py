"""Sentences that wait in a row: written as JSON, said later in the reader's language."""

from typing import Any

from competition.rules.sentences import Sentence


def written(words: Sentence) -> dict[str, Any]:
    """A Sentence as a document."""
    values = {name: written(v) if isinstance(v, Sentence) else str(v) for name, v in words.values.items()}
    return {"text": words.text, "values": values}


def read(document: dict[str, Any]) -> Sentence:
    """The Sentence of a document."""
    values = {name: read(v) if isinstance(v, dict) else v for name, v in document["values"].items()}
    return Sentence(document["text"], values)
