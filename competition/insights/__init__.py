"""Insights 概览: everybody's home page with the next step first, the tier funnel, what waits and what blocks."""
