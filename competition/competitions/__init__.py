"""Competitions 竞赛: competition (tier × class, host, edition) → events 赛项 with their rule sets and their life."""
