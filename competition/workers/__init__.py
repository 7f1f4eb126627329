"""Workers 职工: people who exist once, over all years and tiers, with their occupation, grade and its history."""
