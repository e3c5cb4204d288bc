"""Words of English by what they do in a sentence, in lower case."""

from __future__ import annotations

from pullquote.base.dates import day_text

NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
"""The numbers from 0 to 19, in order."""
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
"""In order, from 20 on."""
TO_TWELVE = "|".join(NUMBERS[1:13])
"""A pattern for a number of hours or months in words."""

WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
MONTHS = [month.lower() for month in day_text.MONTHS]
MONTH = rf"(?:{'|'.join(MONTHS)}|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)"
"""A pattern for a month, written in full or abbreviated. Ignore case with it."""

POSSESSIVES = frozenset("his her its their my our your".split())
POSSESSIVE_ENDINGS = frozenset("'s ’s ' ’".split())
DETERMINERS = POSSESSIVES | frozenset(
    "the a an this these those each every some any no several many most few all both another "
    "such".split()
    + NUMBERS[1:11]
)
QUANTITIES = frozenset("a an half dozen hundred".split() + NUMBERS[1:13] + TENS)
PREPOSITIONS = frozenset(
    "of in on at for from to with by about against under over during between among through across "
    "near around into within without outside inside behind beyond upon toward towards despite like "
    "including per via above below along off amid alongside".split()
)
PREPOSITIONS_OF_TIME = frozenset("after before since till until".split())
"""They open clauses, too."""
REFLEXIVES = frozenset("himself herself themselves itself".split())
SUBJECT_PRONOUNS = frozenset("he she they it we i you".split())
SOURCE_PRONOUNS = SUBJECT_PRONOUNS - {"you"} | {"who", "which"}
"""What stands in an article for a speaker who is named before."""
THIRD_PERSON = frozenset("he she him her his hers they them their theirs it its".split())
ASKING = frozenset("who whom whose what which when where why how".split())
RELATIVES = frozenset("who which whom that".split())
CONTENT_OPENERS = frozenset("that whether if how what why who when where".split())
"""What opens the words that a verb reports: "said that", "asked whether"."""
SUBORDINATORS = PREPOSITIONS_OF_TIME | frozenset(
    "when if because although though as while that whether what how where why than but so unless "
    "once whereas yet nor whose".split()
)
_MODALS = "will would can could may might must should shall".split()
_FINITE = "is are was were do does did has have had".split()
_NEGATED = "isn aren wasn weren don doesn didn hasn haven hadn won wouldn couldn shouldn".split()
MODALS_OF_POSSIBILITY = frozenset([*_MODALS, *"cannot 'll ’ll 'd ’d won wouldn couldn".split()])
"""After these a claim is only imagined: "he would ask"."""
MODALS = MODALS_OF_POSSIBILITY | frozenset(
    [*_FINITE, *_NEGATED[:10], *"'ve ’ve 're ’re 'm ’m".split()]
)
AUXILIARIES = MODALS | frozenset("having be been being am not ain 's ’s 't ’t".split())
QUESTION_VERBS = frozenset(_FINITE + _MODALS)
"""Auxiliaries that a question may begin with."""
CONTRACTED = frozenset(f"{verb}'t" for verb in [*_NEGATED, "can"])
BE_FORMS = frozenset("is are was were be been being am isn wasn aren weren 're ’re 'm ’m".split())
ADVERBS = REFLEXIVES | frozenset(
    "also later then now still never once first even just further already previously often always "
    "sometimes again soon today yesterday therefore however rather too only almost long ever "
    "nevertheless nonetheless instead both all each reportedly".split()
)
TIME_WORDS = frozenset(WEEKDAYS + MONTHS) | frozenset(
    "today yesterday tomorrow tonight morning afternoon evening night week month year day weekend "
    "jan feb aug sept oct nov dec earlier later".split()
)
NAMELIKE_MONTHS = frozenset("jan april may june august".split())
SOMEBODY = frozenset(
    "anyone anybody anything someone somebody something everyone everybody everything "
    "nobody".split()
)
FUNCTION_WORDS = (
    (DETERMINERS - frozenset(NUMBERS))
    | ASKING
    | QUESTION_VERBS
    | CONTRACTED
    | PREPOSITIONS
    | SUBORDINATORS
    | THIRD_PERSON
    | SOMEBODY
    | frozenset(
        "and or be i you we us me my your not here there then so "
        "ok okay well now also too just only else ever again exactly please one ones up out off s "
        "very more other others same".split()
    )
)
"""Words with hardly a meaning of their own, and "one"."""
NO_NAMES = FUNCTION_WORDS - {"may", "will"} | frozenset("two last next meanwhile however".split())
"""Words that begin with a capital letter only where a sentence begins."""
TIME_LEADS = frozenset("last this next that early late earlier".split())
COURTESY_TITLES = frozenset("mr mrs ms miss mx dr sir dame".split())
"""Titles without which a name means the same person."""
MALE_TITLES = frozenset("mr sir lord father brother king prince duke count".split())
FEMALE_TITLES = frozenset("mrs ms miss dame lady sister queen princess duchess baroness".split())
SURE_TITLES = frozenset(
    "mr mrs ms miss mx dr prof professor sir dame lady lord baroness rev reverend captain capt col "
    "colonel gen general lt lieutenant sgt sergeant maj major inspector detective superintendent "
    "constable pc judge justice president minister chancellor governor gov mayor senator sen rep "
    "congressman congresswoman councillor cllr chief king queen prince princess pope chairman "
    "chairwoman director coach manager admiral ambassador secretary commissioner spokesman "
    "spokeswoman deputy mp".split()
)
"""What stands before a name and is no part of it."""
TITLES = (
    SURE_TITLES
    | MALE_TITLES
    | FEMALE_TITLES
    | frozenset(
        "supt prosecutor sheriff bishop representative attorney officer imam rabbi atty assistant "
        "commander marshal countess engineer nurse private corporal leader magistrate economist "
        "archbishop cardinal premier lawyer solicitor barrister analyst brigadier regent founder "
        "comrade speaker advocate democrat republican teacher substitute td msp brothers sisters "
        "airman trooper agent skipper owner author actor actress singer historian".split()
    )
)
OBJECT_PRONOUNS = REFLEXIVES | frozenset("him her them me us it you".split())
IRREGULAR_VERBS = frozenset(
    "came went took gave made got left became began brought bought built caught chose cost cut "
    "drew drove fell felt fought found grew held hit kept knew lay led lent lost meant met paid "
    "put ran rose sat sent set shot shut sold spent stood stole struck swept thought threw told "
    "understood won wore wrote said says seems seemed goes comes makes takes".split()
)
LEAVE_OUT = frozenset("of in to for that and or by as".split())
"""Words at which a source never ends."""
NOUNS_IN_LY = frozenset(
    "family supply reply assembly monopoly rally ally bully fly anomaly jelly belly elderly early "
    "daily weekly monthly friendly likely unlikely lonely".split()
)
PARTICLES = frozenset("out up down off back away over forward on in to".split())
"""Words that belong to a verb: "pointed out"."""

PUBLIC_BODIES = frozenset(
    "department ministry bureau union council committee court university police commission "
    "authority board institute office association federation league society parliament senate "
    "congress government administration hospital school college church army navy agency guild "
    "tribunal inspectorate directorate foundation trust".split()
)
"""What nobody calls a company."""
ORGANISATION_WORDS = PUBLIC_BODIES | frozenset(
    "group bank party times post fund company corporation centre center service club forum network "
    "house campaign coalition alliance airport force inc ltd corp plc llc co holdings partners "
    "media news journal gazette herald tribune guardian telegraph report reserve treasury united "
    "international nations organisation organization team confederation secretariat consortium "
    "museum".split()
)
FIRM_NOUNS = frozenset(
    "company firm group club operator owner developer airline bank chain manufacturer maker grocer "
    "retailer insurer publisher broadcaster brewer utility carrier supplier contractor organiser "
    "organizer promoter producer builder conglomerate lender start-up startup miner shipyard "
    "distillery brewery telecom railway shipowner business subsidiary".split()
)
"""What articles call a firm; "the company" can mean any name that they describe so."""
PEOPLE = frozenset(
    "academic accomplice accordionist accountant accused accuser activist administrator adviser "
    "agronomist aide ally amateur angler applicant apprentice arbitrator architect assayer "
    "assembly astronaut athlete attacker attendant auditor aunt backbencher backpacker baker "
    "banker bassoonist batter beekeeper bibliographer bidder blogger boatman bookmaker bookseller "
    "borrower boss botanist bowler boxer boy bride broker brokerage buyer cabinet campaigner "
    "candidate caretaker carmaker carpenter cartographer cashier caterer cellist chair challenger "
    "chambermaid champion charity chemist child children choreographer cinematographer classmate "
    "cleaner clerk client clinic coastguard colleague columnist comedian commentator commissaire "
    "communist compatriot competitor compiler composer conductor conservative conservator "
    "consultant consumer controller convener convenor convict cook coordinator cornetist "
    "correspondent counsel countryman couple cousin cowhand creator creditor crew critic "
    "crossbencher crowd curator customer cyclist dancer daughter dealer dean defender delegate "
    "dentist designer diplomat dispatcher dissenter distributor doctor driver drummer editor elder "
    "electrician employee employer envoy everybody everyone executive expert exporter facilitator "
    "family fan farmer finalist fisherman foe forecaster foreman friend gardener gendarmerie girl "
    "goalkeeper granddaughter grandfather grandmother grandparent grandson grazier greengrocer "
    "groundsman grower guard guitarist hacker harpist haulier head headliner headman headmaster "
    "headmistress helmsman homeowner host hotelier hurdler husband hygienist illustrator immigrant "
    "importer incumbent inmate insider instructor insurgent intruder inventor investigator "
    "investor jockey jogger journalist juror jury keeper kid landlord laureate lawmaker liberal "
    "librarian linguist lobbyist locksmith loser lyricist magnate majority man master "
    "mathematician matron mechanic mediator member mep merchant midwife migrant militant minority "
    "mother nationalist navigator negotiator neighbour nephew newcomer newspaper niece nobody "
    "notary novelist nun nutritionist observer official ombudsman opponent opposition optician "
    "organist pair panel paramedic parent partner partnership passenger patient pensioner people "
    "pharmacist photographer physician physicist physiotherapist pianist picker pilot planner "
    "player playwright plumber poacher podiatrist poet policeman postman postmistress potter "
    "predecessor prefect presenter priest printer prisoner professional programmer proofreader "
    "prosecution protester provider provost publican pundit pupil rapporteur reader rebel "
    "receptionist recruiter referee refugee regulator relative repairman reporter researcher "
    "resident restorer reviewer rider ringleader rival roofer roommate ruler runner sailor "
    "saxophonist scholar schoolboy schoolgirl schoolmaster schoolteacher scientist scorer scout "
    "scriptwriter sculptor seamstress seller separatist settler shareholder shearer shepherd "
    "shopkeeper shopper sibling signalman signatory smuggler socialist soldier somebody someone "
    "son soprano source spammer specialist spectator spokesperson sponsor sprinter staff "
    "statistician steelmaker steward stonemason strategist striker student subcontractor successor "
    "supervisor supporter surgeon surveyor survivor swimmer technician teenager telephonist tenant "
    "timekeeper toolmaker tory trader trainee trainer treasurer troupe trustee twin umpire uncle "
    "undersecretary undertaker underwriter user vet veteran veterinarian victim viewer villager "
    "visitor volunteer voter warden watchdog weatherman weightlifter welder wholesaler widow wife "
    "winger winner worker writer".split()
)
"""Nouns for people, but for those of the lists above. Most are from `training/newsroom.jsonl`."""
