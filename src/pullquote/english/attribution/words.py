"""Classes of English words that the rules of attribution know."""

from __future__ import annotations

DETERMINERS = frozenset(
    "the a an this these those his her its their my our your each every some any no several many "
    "most few all both another such one two three four five six seven eight nine ten".split()
)
QUANTITIES = frozenset(
    "a an half one two three four five six seven eight nine ten eleven twelve dozen twenty thirty "
    "forty fifty sixty seventy eighty ninety hundred".split()
)
POSSESSIVES = frozenset("his her its their my our your".split())
PREPOSITIONS = frozenset(
    "of in on at for from to with by about against under over during between among through across "
    "near around into within without outside inside behind beyond upon toward towards despite like "
    "including per via above below along off amid alongside".split()
)
SUBJECT_PRONOUNS = frozenset("he she they it we i you".split())
RELATIVES = frozenset("who which whom that".split())
SUBORDINATORS = frozenset(
    "when if because although though as while after before since that whether what how where why "
    "than but so until unless once whereas yet nor whose".split()
)
AUXILIARIES = frozenset(
    "has had have having is are was were be been being am will would can could may might must "
    "should shall does did do not cannot don doesn didn isn wasn aren weren won wouldn couldn "
    "hasn haven hadn ain 's ’s 'd ’d 'll ’ll 've ’ve 're ’re 't ’t 'm ’m".split()
)
BE_FORMS = frozenset("is are was were be been being am isn wasn aren weren 're ’re 'm ’m".split())
MODALS = frozenset(
    "will would can could may might must should shall has had have is are was were does did do "
    "cannot 'd ’d 'll ’ll 've ’ve 're ’re 'm ’m isn wasn aren weren won wouldn couldn hasn haven "
    "hadn don doesn didn".split()
)
ADVERBS = frozenset(
    "also later then now still never once first even just further already previously often "
    "always sometimes again soon today yesterday therefore however rather too only almost "
    "long ever nevertheless nonetheless instead himself herself themselves itself both all each "
    "reportedly".split()
)
TIME_WORDS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow tonight "
    "morning afternoon evening night week month year day weekend january february march april may "
    "june july august september october november december jan feb aug sept oct nov dec "
    "earlier later".split()
)
TIME_LEADS = frozenset("last this next that early late earlier".split())
TITLES = frozenset(
    "mr mrs ms mx miss dr prof professor sir dame lord lady rev reverend father sister brother "
    "judge justice president senator sen rep gov governor mayor minister sgt sergeant capt "
    "captain lt lieutenant col colonel gen general maj major inspector superintendent supt "
    "constable detective chief prosecutor sheriff bishop king queen prince princess secretary "
    "chancellor representative congressman congresswoman councillor deputy attorney officer "
    "commissioner ambassador chairman chairwoman director coach pope imam rabbi atty assistant "
    "commander admiral marshal baroness count countess duke duchess engineer nurse private pc "
    "corporal leader magistrate spokesman spokeswoman economist archbishop cardinal premier "
    "lawyer solicitor barrister analyst brigadier regent founder cllr comrade speaker advocate "
    "democrat republican teacher substitute td mp msp brothers sisters airman trooper agent "
    "skipper manager owner author actor actress singer historian".split()
)
OBJECT_PRONOUNS = frozenset("him her them me us it you himself herself themselves itself".split())
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

MODALS_OF_POSSIBILITY = frozenset(
    "will would can could may might must should shall cannot 'll ’ll 'd ’d won wouldn "
    "couldn".split()
)
"""After these a claim is only imagined: "he would ask"."""

MALE_TITLES = frozenset("mr sir lord father brother king prince duke count".split())
FEMALE_TITLES = frozenset("mrs ms miss dame lady sister queen princess duchess baroness".split())
ORGANISATION_WORDS = frozenset(
    "department ministry bureau group union bank council committee party court university police "
    "agency times post association fund authority commission board company corporation institute "
    "centre center service office society federation league club trust forum network congress "
    "parliament senate house government administration campaign foundation coalition alliance "
    "airport hospital school college church army navy force inc ltd corp plc llc co holdings "
    "partners media news journal gazette herald tribune guardian telegraph report reserve "
    "treasury united international nations organisation organization team guild "
    "tribunal inspectorate directorate confederation secretariat consortium museum".split()
)
FIRM_NOUNS = frozenset(
    "company firm group club operator owner developer airline bank chain manufacturer maker grocer "
    "retailer insurer publisher broadcaster brewer utility carrier supplier contractor organiser "
    "organizer promoter producer builder conglomerate lender start-up startup miner shipyard "
    "distillery brewery telecom railway shipowner business subsidiary".split()
)
"""What articles call a firm; "the company" can mean any name that they describe so."""
