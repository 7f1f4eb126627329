"""The demonstration: a four-tier welding chain and a pairs event, built through the services only, from a fixed seed.

Nothing here is real: names, ID numbers and enterprises are made up. `story.tell` builds it; every station is one
module, in the order of the chain.
"""
