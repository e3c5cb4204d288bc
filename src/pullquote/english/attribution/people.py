"""Nouns that mean people: a person, a group or an organisation."""

from __future__ import annotations

from pullquote.english.attribution.words import FIRM_NOUNS, ORGANISATION_WORDS, TITLES

_PEOPLE = frozenset(
    """
    academic accomplice accordionist accountant accused accuser activist actor actress
    administrator admiral adviser advocate agency agent agronomist aide ally amateur
    ambassador analyst angler applicant apprentice arbitrator archbishop architect army
    assayer assembly assistant association astronaut athlete attacker attendant attorney
    auditor aunt author backbencher backpacker baker banker baroness barrister bassoonist
    batter beekeeper bibliographer bidder biologist bishop blogger board boatman bookmaker
    bookseller borrower boss botanist bowler boxer boy brewer bride brigadier broadcaster
    broker brokerage brother bureau business buyer cabinet campaigner candidate captain
    cardiologist caretaker carmaker carpenter carrier cartographer cashier caterer cellist
    chair chairman chairwoman challenger chambermaid champion chancellor charity chemist chief
    child children choreographer cinematographer classmate cleaner clerk client clinic club coach
    coastguard colleague colonel columnist comedian commander commentator commissaire
    commission commissioner committee communist company compatriot competitor compiler
    composer comrade conductor congress conservative conservator constable consultant consumer
    contractor controller convener convenor convict cook coordinator cornetist corporal
    corporation correspondent council councillor counsel countryman couple court cousin
    cowhand creator creditor crew critic crossbencher crowd curator customer cyclist dame
    dancer daughter dealer dean defender delegate democrat dentist department deputy designer
    developer diplomat director directorate dispatcher dissenter distributor doctor driver
    drummer economist editor elder electrician employee employer engineer entomologist envoy
    epidemiologist everybody everyone executive expert exporter facilitator family fan farmer
    father federation finalist firm fisherman foe forecaster foreman friend gardener
    gendarmerie geologist girl goalkeeper government governor granddaughter grandfather
    grandmother grandparent grandson grazier greengrocer grocer groundsman group grower guard
    guild guitarist hacker harpist haulier head headliner headman headmaster headmistress
    helmsman historian homeowner host hotelier hurdler husband hydrologist hygienist
    illustrator imam immigrant importer incumbent inmate insider inspector inspectorate
    institute instructor insurer insurgent intruder inventor investigator investor jockey
    jogger journalist judge juror jury keeper kid lady landlord laureate lawmaker lawyer
    leader lender liberal librarian lieutenant linguist lobbyist locksmith lord loser lyricist
    magistrate magnate majority maker man manager manufacturer marshal master mathematician
    matron mayor mechanic mediator member mep merchant meteorologist midwife migrant militant
    miner minister ministry minority miss mother mp nationalist navigator navy negotiator
    neighbour nephew neurologist newcomer newspaper niece nobody notary novelist nun nurse
    nutritionist observer oenologist officer official ombudsman operator opponent opposition
    optician organisation organiser organist organization ornithologist owner pair
    palaeontologist panel paramedic parent partner partnership party passenger patient
    pensioner people pharmacist photographer physician physicist physiotherapist pianist
    picker pilot planner player playwright plumber poacher podiatrist poet police policeman
    policewoman postman postmistress potter predecessor prefect premier presenter president
    priest princess printer prisoner producer prof professional professor programmer promoter
    proofreader prosecution prosecutor protester provider provost psychologist publican
    publisher pundit pupil rapporteur reader rebel receptionist recruiter referee refugee
    regent regulator relative rep repairman reporter representative republican researcher
    resident restorer retailer reverend reviewer rider ringleader rival roofer roommate ruler
    runner sailor saxophonist scholar schoolboy schoolgirl schoolmaster schoolteacher
    scientist scorer scout scriptwriter sculptor seamstress secretariat secretary seller
    senator separatist sergeant settler shareholder shearer shepherd sheriff shipowner
    shopkeeper shopper sibling signalman signatory singer sir sister smuggler socialist
    soldier solicitor somebody someone son soprano source spammer speaker specialist spectator
    spokesman spokesperson spokeswoman sponsor sprinter staff statistician steelmaker steward
    stonemason strategist striker student subcontractor subsidiary successor superintendent
    supervisor supplier supporter surgeon surveyor survivor swimmer teacher team technician
    teenager telephonist tenant timekeeper toolmaker tory toxicologist trader trainee trainer
    treasurer tribunal troupe trustee twin umpire uncle undersecretary undertaker underwriter
    union university user vet veteran veterinarian victim viewer villager visitor volunteer
    voter warden watchdog weatherman weightlifter welder wholesaler widow wife winger winner
    woman worker writer
    """.split()
)
"""Most describe or name who speaks in the newsroom articles (`training/newsroom.jsonl`)."""

_ENDINGS = ("ologist", "ologists", "person", "people", "woman", "women", "smith")
_NO_SPEAKERS = frozenset(
    "international its journal news post private report reserve services telegraph times "
    "united".split()
)
"""Words of names and titles that mean no people where they stand alone."""


def means_people(noun: str) -> bool:
    """Whether a noun in lower case means people, in the singular or plural: "her drivers"."""
    if noun in _NO_SPEAKERS:
        return False
    return noun.endswith(_ENDINGS) or any(map(_is_known, _singulars(noun)))


def _is_known(noun: str) -> bool:
    known = noun in _PEOPLE or noun in FIRM_NOUNS or noun in ORGANISATION_WORDS or noun in TITLES
    return known and noun not in _NO_SPEAKERS


def _singulars(noun: str) -> list[str]:
    """A noun, its last part, and what that may be the plural of."""
    last = noun.rpartition("-")[2]
    plurals = (("ies", "y"), ("men", "man"), ("es", ""), ("s", ""))
    return [
        noun,
        last,
        *(last.removesuffix(end) + one for end, one in plurals if last.endswith(end)),
    ]
