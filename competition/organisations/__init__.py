"""Organisations 组织: the tree nation → province → city → enterprise → workshop that hosts, sends and employs."""
