"""匠阶 SkillsLadder: the whole chain of skills competitions, from the workshop drill to the verified certificate.

The map of the house, from the ground up. A room imports only what stands above its own line here; import-linter
checks it (pyproject.toml), and a test checks that no room is missing from this map.

    rules           what the field's rulebooks say, as plain functions over plain values
    tokens          the one place that makes randomness
    vault           keys, encryption of personal data, blind indexes
    assets          where the built front end and the fonts lie
    clock           the one place that reads the time
    errors          what can go wrong for a person, each with its sentence
    settings        what an installation decides, from the environment
    orm             the declarative base and the column types
    disk            what the disk under the database answers, and whether writing goes on
    database        the session
    transactions    the only commit
    web             what every page shares: access marks, language, forms, error pages, headers
    typesetting     typefaces, lettering and printed lists that every PDF shares
    verification    the independent verifier of published results; imports nothing of this package
    pictures        photos that somebody sends, drawn anew from their pixels
    workbooks       Excel files that somebody uploads, opened without trusting them
    standings       totals and places of many entrants at once, in columns of exact whole numbers
    audit           the append-only, hash-chained record of facts
    backups         a copy of the database that is whole, taken while it is written
    jobs            long work as rows with progress, and the runner
    accounts        people who sign in, and their roles
    organisations   the tree from the nation down to the workshop, and delegations
    workers         people who compete: identity, employer, occupation, grade
    competitions    competitions, events, stages, modules, rule sets
    registration    who enters, who may, who is approved
    draws           order and blind codes from a stored seed
    panels          who judges what, and who may not
    tablets         login cards of judges, and the devices they mark on
    scoring         sheets and marks, from the tablet to the signature
    paper           sheets on paper: printed, typed twice by two people, counted like the others
    floor           the floor: clocks of batches and stations, late arrivals, incidents, violations
    rechecks        signed sheets looked at again before a result is prepared
    results         computing, publishing and explaining
    judge_statistics  what the marks say about the judges: advice, never a correction
    appeals         appeals and objections, ruled on in time
    boards          boards for visitors and projectors: live, frozen, revealed step by step
    certificates    documents, verification, revocation
    promotions      from a result to the next grade
    drills          questions answered on a phone; they feed the bottom of the chain
    insights        reads all of it: the funnel, what waits, what blocks
    rooms           which rooms have pages
    migrations      the history of the tables
    app             wiring: create_app(settings)
    archives        published archives of real competitions: read, replayed through the services, compared
    demonstration   a made-up chain of contests, told through the services only
    gate            the checks of the source tree; development only
    cli             the command line, one thin module per noun
    build_hook      builds the front end when the package is installed; never imported
"""
