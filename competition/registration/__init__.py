"""Registration 报名: delegations, entrants, eligibility with reasons, approval, entry numbers, imports."""
