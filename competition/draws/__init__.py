"""Draws 抽签: the order of start and one layer of blind codes 加密, from a stored seed that anybody can re-run."""
