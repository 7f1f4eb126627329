"""Drills 岗位练兵: objective questions answered on a phone, scored on the server; the ranking feeds an enterprise contest."""
