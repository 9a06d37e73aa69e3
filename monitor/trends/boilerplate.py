"""Words that name no topic: grammar, phrases with which papers praise themselves, words too broad alone."""

from __future__ import annotations

_GRAMMAR = """
a about above across after again against al all almost alone along already also although always am amid among an and
another any anyone anything are aren around as at away back be became because become becomes been before beforehand
behind being below beside besides between beyond billion both but by can cannot could couldn did do does doing don
done down due during each eg eight either else elsewhere enough et etc even ever every everyone everything everywhere
except few first five for former four from further furthermore had has have having he hence her here hereby herein him
his how however hundred i i'm ie if in indeed instead into is isn it it's its itself just last latter least less like
many may me meanwhile might million mine more moreover most mostly much must my namely neither never nevertheless nine
no nobody none nor not nothing now nowhere of off often on once one only onto or other others otherwise our ours out
over own per perhaps please rather same second seven she should since six so some somehow someone something sometimes
somewhere still such ten than that the their theirs them then thence there thereby therefore therein these they third
this those though thousand three through throughout thus to together too toward towards two under unlike until up upon
us very via vs was we we're well were what whatever when whence whenever where whereas whereby wherein wherever
whether which while whither who whoever whole whom whose why will with within without would yet you your yours
"""
_PRAISE = """
ability ablation able abstract accordingly accuracy achieve achieved achievement achieving actual actually additional
additionally address addressed addressing adopt adopted advance advanced advancement advancing advantage aim aimed
aiming allow allowing analyse analysis analyze analyzing application applied apply applying approach approximately
arise article aspect assess assessing assessment associated attain attempt author available average avoid barrier
based baseline bear benchmark benefit best better blog boost bottleneck bridge bridging bring broad broader build
building built call called capability capable capture capturing case category cause certain challenge challenged
challenging characterize choice clear clearly close codebase collect collected combine combined combining common
commonly community comparable compare compared comparing comparison competitive complete completely complex complexity
component comprehensive concept conclude conclusion condition conduct conducted consider considerable considerably
considering consist consistent consistently constitute construct constructed construction contain contribute
contribution conventional core cornerstone corresponding cost create created creating critical crucial crucially
current currently dataset day deal decade deliver demand demonstrate demonstrated demonstrating demonstration depend
depending derive describe design designed designing desired despite detail detailed determine develop developed
developing development difference different difficult difficulty directly discover discuss distinct diverse diversity
domain dramatically drawback drive driven ease easily easy effect effective effectively effectiveness efficiency
efficient efficiently effort elaborate eliminate emerge emerged emerging empirical empirically employ employed
employing enable enabled enabling encourage end enhance enhanced enhancement enhancing ensure ensuring entire entirely
especially essential establish established establishing estimate evaluate evaluated evaluating evidence evolve
evolving exceed exceeding excel excellent exceptional exhibit exist existing expect expected expensive experiment
experimental explain explicit explicitly exploit explore explored exploring extend extended extending extension
extensive extensively facilitate fact factor fail failure fall far fast faster feature field final finally find
finding fine focus focused focusing follow followed following form formal formulate formulation found foundational
framework free full fully function fundamental fundamentally future gain gap general generalize generally generate
generated generating github give given giving goal good great greater greatly group grow growing growth handle hard
help helping high higher highest highlight highlighting highly hinder hinge hold http https huge idea ideal identical
identified identify identifying illustrate impact implement implementation implemented implication implicit importance
important importantly impressive improve improved improvement improving include included including incorporate
incorporating increase increased increasing increasingly independent indicate indicating individual inherent
inherently initial innovation innovative insight inspire inspired instance integrate integrated integrating
integration intend interest interesting introduce introduced introducing investigate investigated investigating
investigation involve involving issue join keep key know known lack lacking landmark large largely larger largest lead
leading learn learned leave led level leverage leveraged leveraging light limit limitation limited limiting line
literature little long longer look lot low lower main mainly maintain maintaining major make making manner match
matching mean meaningful means measure mechanism meet merely method methodology metric minimal modern modify month
multiple naive name natural necessary necessitate need needed needing new newly notable notably note novel novelty
number numerous objective observation observe observed obtain obtained obtaining offer offering official open optimal
order original outperform outperformed outperforming outstanding overall overcome overlook overlooked page paper
paradigm part particular particularly past paucity percent percentage perform performance performed performing
perspective phase phenomenon pioneer pipeline play point popular pose posing possible potential potentially power
powerful practical practically practice precise precisely present presented presenting preserve preserving prevalent
prevent previous previously primarily primary principal principled prior problem procedure process produce produced
producing progress project prominent promise promising prone properly property propose proposed proposing prove proven
provide provided providing publicly purpose push quality question quite raise range rapid rapidly rate rating reach
reaching real realistic reality reason recent recently recognize reduce reduced reducing reduction reference regarding
relate related relative relatively release released relevant reliability reliable reliance rely relying remain
remaining remarkable remarkably report reported represent representing require required requirement requiring
researcher resolve respectively result resulting retain reveal revealed revealing revisit rich rigorous rise robust
robustness role root run sample scale scenario scheme scope score section see seek seen separate serious serve serving
set setting setup several severe shape share shed shift short shortcoming show showcase showcasing showed showing
shown side sight sign significance significant significantly similar similarly simple simplify simply simultaneous
simultaneously single size slight small smaller solely solid solution solve solved solving sophisticated sota source
special specialized specific specifically spectrum stage standard start state stem step strategy strength strict
strictly strike strong stronger strongest struggle studied study studying substantial substantially substantive
success successful successfully suffer sufficient suggest suggesting suitable suite superior superiority support
supporting surpass surpassing survey system systematic systematically tackle take taken target task technical
technique technology tend term test tested testing theory thing thorough thoroughly time tip today top total trade
traditional traditionally train trained transformative trend true truly turn type typical typically ubiquitous
ultimately underexplore underexplored underlying underscore underscoring understand understudied unexplored unified
unify unifying unique uniquely unlock unprecedented usage used useful user using usually utility utilize utilized
utilizing valuable value variant variation variety various vary varying vast verify versatile version viable view
vital wall way weak website week wide widely widespread work working worse year yield yielding zero
"""
_BROAD = """
action adaptation adaptive agent algorithm alignment ambiguity annotation architecture artifact artist attribute
auditing axis behavior behaviour bias causal cause character cheap checkpoint code collaboration communication
complexity composition computation compute concept confidence consistency constraint content context control
conversation correctness coverage creation creativity critique cue curriculum data decision deep degradation density
dependency depth detection dialogue dimension direction discovery distribution document drift dynamic edge edit editor
element emotion encoder engine entity environment equation error evaluation example execution expert explainability
expression face feedback fidelity foundation frame frequency generalization generation generator geometry global goal
gradient granularity graph head hierarchy history horizon human hypothesis identity image imitation index inference
information input instruction intelligence intent interaction interface interpretation iteration judge judgment
knowledge label language large latency latent layer length library local logic machine map math mathematics mechanic
memory meta metadata modality mode model module motion multi negative network node noise non object operator
optimization option oriented output pair parallel parameter path pattern people perception person
persona phrase physic pixel plan
planner platform policy portrait position post pre precision prediction preference privacy probability program prompt
protocol puzzle query rank ranking ratio reasoning region regulation relation representation research resolution
resource response review reward risk robot rule safety scaling scene schedule science scientist score script search
segment selection self semantic sensor sequence service session signal similarity simulation situation skill software
solver source space spatial speech speed stability state statistic structural structure student style subject
supervision surface symbol synergy synthesis template temporal text theory think threshold time token tool toolkit topic
topology trace track training trajectory translation trust truth uncertainty understanding unit update use validation
vector verification verifier video view vision visual vocabulary voice web weight width window word world
"""

GRAMMAR_WORDS = frozenset(_GRAMMAR.split())
"""Lower-case words that hold a sentence together; but for "of", "with" and the like they stand in no term."""

STOP_WORDS = GRAMMAR_WORDS | frozenset(_PRAISE.split())
"""Lower-case words that neither begin nor end a term."""

_HANGING = """
aware agnostic based centric driven efficient enabled free guided level like oriented perspective powered related
specific style wise
"""
HANGING_WORDS = frozenset(_HANGING.split())
"""Lower-case words with which a compound leans on the next word: "AI-driven" names nothing without it."""

BROAD_WORDS = frozenset(_BROAD.split())
"""Lower-case singular words that are no term by themselves, and may be part of one ("deep research")."""

BROAD_NAMES = frozenset(["ai", "api", "f1", "id", "io", "os", "vl"])
"""Lower-case abbreviations that every field has: no term by themselves, though written like names."""

BROAD_ENDINGS = (
    "ing",
    "ed",
    "ly",
    "able",
    "ible",
    "ous",
    "ive",
    "ful",
    "less",
    "ity",
    "ness",
    "ical",
    "tual",
    "onal",
)
"""Endings of verbs, adverbs, adjectives and qualities, which are no term by themselves either."""
