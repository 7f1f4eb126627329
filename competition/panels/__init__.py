"""Panels 裁判组: judges, their seats per module, and the rule that nobody scores an entrant of the own delegation."""
