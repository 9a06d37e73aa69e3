### The words of mails and pages in English, in the format of Project Fluent (https://projectfluent.org/fluent/guide/).
### Another language is a copy of this file with its own name, such as fr.ftl: every message, with the same variables.

# How days and times are written: patterns of the CLDR.
pattern-day = EEE d MMM
pattern-date = EEEE, d MMMM y
pattern-month = MMMM y
pattern-moment = EEE d MMM HH:mm
pattern-weekday = EEE

program = Paper Monitor
quoted = “{ $text }”
listed = { $firsts } and { $last }

## Counts

papers = { $count ->
    [one] { $count } paper
   *[other] { $count } papers
}
upvotes = { $count ->
    [one] { $count } upvote
   *[other] { $count } upvotes
}

## The subject, and the line beside it

subject-new = { $count } new on { $topic }
subject-new-and-others = { $count } new on { $topic } and { $others ->
    [one] { $others } other topic
   *[other] { $others } other topics
}
subject-revised = { $count } revised
subject-rising = “{ $name }” is rising
subject-quiet = Nothing new for { $profile }, { $day }
preheader-quiet = What was read, and why nothing passed.

## The lines at the top

contents = In this mail
lead = { $papers } for you, out of { $count } that were listed.
tally-new = { $count } new
tally-revised = { $count } revised
tally-late = { $count } late
tally-quiet = quiet
other-topics = { $count ->
    [one] { $count } other topic
   *[other] { $count } other topics
}
tally-others = { $busy ->
    [0] quiet
   *[other] { $busy } with papers
}
rising = Rising

## Cards

places-more = { $place } and { $count } more
byline-more = { $authors } and { $count ->
    [one] { $count } other
   *[other] { $count } others
}
picked-later = then { $source } { $days ->
    [one] { $days } day later
   *[other] { $days } days later
}
age-first-seen = first seen { $day }
age-today = out today
age-yesterday = out yesterday
age-days = { $count } days old
age-month = from { $month }
badge-new = New
badge-first-story = First of its kind in { $days } days
badge-related = Maybe a newer version
badge-resurfaced = Back after { $months } months
badge-revised = Revised
badge-near-duplicate = Near-duplicate
badge-late = Late
badge-late-announced = Late, announced { $day }
badge-copy = A copy
link-abstract = Abstract
link-pdf = PDF
link-code = Code
link-hugging-face = Hugging Face
link-more = More like this
link-less = Less like this
link-mute = Mute a word
link-follow = Follow an author
link-follow-institution = Follow an institution
link-view = View in browser
link-preferences = Preferences
link-unsubscribe = Unsubscribe
why = Why this paper
why-also = { $reasons } (also under { $topics })
why-near = near what you describe
why-first-story = { $reasons }; of what came before, nearest is “{ $title }”
reason-query = you ask for { $what }
reason-follow = you follow { $what }
reason-author = you follow { $what }
reason-institution = from { $what }
reason-category = listed in { $what }
reason-like = close to what you like: { $what }
reason-about = near your description: { $what }
reason-phrase = it says { $what }
said-in = { $where ->
    [title] { $text } in the title
   *[abstract] { $text } in the abstract
}
likelihood-4 = almost surely yours, { $share }
likelihood-3 = likely yours, { $share }
likelihood-2 = probably yours, { $share }
likelihood-1 = maybe yours, { $share }
share = { NUMBER($share, style: "percent") }
share-over = over { NUMBER($share, style: "percent") }
copies = Also seen as
copy-of = reads like “{ $title }” ({ $evidence })
copy-maybe = maybe a newer version of “{ $title }” ({ $evidence })
copy-also = also listed as “{ $title }”

more-on-page = and { $count } more, on the page of this digest
more-in-text = { $count } more stand in the plain text of this mail, where there is room for them.

## Revisions

changed = What changed
change-title = Title
change-numbers = Numbers
change-abstract = Abstract
change-begins = Begins
change-added = Added
change-removed = Removed
change-edited = Reworded
change-more = More
change-rewritten = rewritten from the ground up
change-more-sentences = { $count ->
    [one] { $count } further sentence changed
   *[other] { $count } further sentences changed
}

## What waits, what is quiet, what was withheld

waiting = { $count ->
    [one] { $count } more paper matched and waits for a place: the budget of this digest is { $budget }.
   *[other] { $count } more papers matched and wait for a place: the budget of this digest is { $budget }.
}
quiet-nothing-listed = Quiet: { $topics }. No source listed anything since your last digest.
quiet-all = Quiet: { $topics }. { $count ->
    [one] { $count } listed paper was read and nothing here passed your threshold.
   *[other] { $count } listed papers were read and nothing here passed your threshold.
}
quiet-some = Quiet: { $topics }. { $count ->
    [one] { $count } listed paper was read and nothing passed its threshold.
   *[other] { $count } listed papers were read and nothing passed its threshold.
}
withheld = You muted “{ $word }”: { $count ->
    [one] { $count } paper withheld.
   *[other] { $count } papers withheld.
}
withheld-undo = { $withheld } To undo: monitor feedback { $profile } --undo { $number }
late = Read late
late-note = { $count ->
    [one] { $count } paper that was announced earlier
   *[other] { $count } papers that were announced earlier
}
near = Just below your threshold
near-note = what came nearest to being here
near-line = { $topic }: { $share } likely, where { $asked } are asked for
not-again = Not sent again
not-again-note = papers that you have, under another name or listed once more
line-copy-of = copy of “{ $title }”
line-copy = copy of a paper you have
line-resurfaced = { $source } lists it again after { $months } months
with-evidence = { $line } ({ $evidence })

## What is rising

rising-note = faster than its own past explains, over everything that was listed
chart-days = { $count ->
    [one] { $count } listing day
   *[other] { $count } listing days
}
chart-first-poll = first poll
trend-usual-upvotes = { $upvotes }; a paper of its age has { $expected }
trend-upvotes = { $upvotes }; more than papers of its age
trend-term = { $papers } in the last { $days }, where { NUMBER($expected, minimumFractionDigits: 1, maximumFractionDigits: 1) } were to be expected.
trend-new-term = { $papers } in the last { $days }, hardly ever before.
trend-also = { $said } Also written { $names }.
trend-sources = { $said } In { $sources }.
trend-state = { $state }: { $said }
trend-emerging = New since { $day }
trend-rising = Rising since { $day }
trend-peaking = At its height since { $day }
trend-fading = Fading since { $day }

## The receipt

receipt = What was read
batch = batch of
state-late = Late
state-failed = Failing
warning = Please note
receipt-since = Since { $moment }; { $papers } known to this installation.
receipt-so-far = So far; { $papers } known to this installation.
receipt-more-sources = { $count } more
receipt-more-status = listed by “monitor sources”
receipt-missed = No digest could leave in time on { $days }: what it would have held is in this one.
receipt-unsure = Not enough to be sure yet: until you have said more or less of some { $count } papers, likelihoods are those of such topics in general.
receipt-experiment = An experiment runs: two ways of finding your papers share this digest. What you say of papers decides it.
batch-days = { $first } to { $last }
batches = { $count } batches, { $counted }
batch-counted = { $announced } announced, { $read } read
batch-counted-parts = { $counted }: { $parts }
batch-new = { $count } new
batch-new-late = { $count } new, read late
batch-revised = { $count } revised
batch-copies = { $count } near-duplicate
batch-past = { $count } too old for news
batch-flood = { $count } listed anew all at once, kept and not announced
batch-again = { $count } seen before
source-silent-days = nothing announced on { $days }
source-failing = since { $moment } ({ $error })
source-not-asked = not asked yet
source-nothing-new = nothing new

## Why this mail came

why-sent = You get this because { $recipient } is in the profile “{ $profile }” ({ $file }), which follows { $topics } { $schedule }.
schedule = { $days } { $hours } ({ $timezone })
hours-at = at { $hours }
hours-after = after { $source }, from { $hours } to { $by }
days-all = every day
days-weekdays = on weekdays
days-some = on { $days }
days-first = on the first of each month
days-first-of = { $days }, the first of each month,

## Confirmations

confirm-subject = Please confirm: { $profile }
confirm-join = Somebody, hopefully you, asked for the digest “{ $profile }” at this address.
confirm-move = Somebody, hopefully you, wants to get the digest “{ $profile }” at this address from now on.
confirm-link = Yes, send it to me
confirm-ignore = If it was not you, do nothing: without a click nothing is ever sent, and this address is forgotten.
confirm-why = You get this once because { $address } was entered at { $site }.

## Pages: what stands on all of them

skip = Skip to the content
nav-main = Main
nav-listing = Listing
nav-topics = Topics
nav-pages = Pages
search = Search
search-papers = Search papers
foot = Each listing is kept as its source announced it.
language = Language
language-name = English
older = Older
to-page = Page { $number }

## Pages: the listing

span-day = Day
span-week = Week
span-month = Month
span-title-week = Week { $week }, { NUMBER($year, useGrouping: 0) }
spans = Span
dates = Dates
dates-again = Dates, again
papers-of = Papers of { $span }
papers-paged = { $papers }, page { $number } of { $pages }
empty-day = No source listed a paper on this day.
empty-week = No source listed a paper in this week.
empty-month = No source listed a paper in this month.
byline-further = { $authors } and { $count } more
upvotes-rise = Upvotes: from { $low } on { $from } to { $high } on { $to }
under-topics = Under
rising-lead = What grows faster than its own past, or than papers of the same age.
rising-lead-day = What grows faster than its own past, or than papers of the same age, as of { $day }.
rising-none = Nothing rises faster than chance explains.
rising-papers = Rising papers
rising-pace = { $upvotes } where papers of its age have { NUMBER($expected, maximumFractionDigits: 0) }
rising-term = { $papers } in { $days ->
    [one] { $days } listing day
   *[other] { $days } listing days
}, where its past lets expect { NUMBER($expected, minimumFractionDigits: 1, maximumFractionDigits: 1) }
papers-a-day = Papers a day: { $counts }
papers-on-days = Papers on each of the last { $count } listing days
head-papers = Papers
head-terms = Terms

## Pages: a paper

published = Published
texts-seen = { $count } texts seen
at-source = Read it at its source
reads-like = Reads like
also-listed = Also listed as
head-copies = Copies
head-seen = Where it was seen
sightings = Sightings
column-source = Source
column-first-listed = First listed
column-upvotes = Upvotes
names-all = All its names
head-alike = Papers like it

## Pages: search and topics

search-words = Words
search-how = AND, OR, NOT, brackets, "phrases", open ends*, title:, author:, org:, cat:, source:, NEAR/5 — the language of profiles.
search-from = Listed from
search-to = to
search-topic = Topic
search-any = Any
search-as-topic = Make this search a topic
search-as-topic-how = Put this into a profile; it is mailed as papers come.
search-none = Nothing found. Fewer words, or an open end such as diffus*, find more.
search-none-so-far = Nothing found in the papers looked at.
search-order = Order
search-newest = The newest first
search-meaning = The nearest in meaning first; the line is plain words
search-compared = Nearest in meaning, of the { $count } newest papers that the model has read.
search-further = Further
search-meaning-fails = Searching by meaning does not work now, or was asked for too often; wait a minute, or order by date.
search-title = Search: { $text }
search-bounds = Write days as 2026-12-31, and a search of at most 500 letters.
search-column = Column { $column }: { $problem }
topics-lead = Digests that anybody may subscribe to, and what they follow.
topics-none = No profile is public here.
topic-query = Query:
topic-follows = Follows
topic-none = Nothing came under this yet.
weeks-chart = Papers a week, oldest first: { $counts }
weeks = Papers a week, the last { $count } weeks; { $sum } in all.
subscribe-by-mail = Subscribe by mail
past-digests = Past digests
digests-of = Digests of { $name }
digests-yours = Your digests of { $name }
digests-lead = Each exactly as it was sent. Whoever has this address can read them.
digests-none = None yet.
digest-of = A digest of “{ $name }”.

## Pages: signing up

subscribe = Subscribe
subscribe-to = Subscribe to { $name }
subscribe-lead = One mail at your hour: why each paper is there, nothing twice. It begins when you confirm a mail, and one click ends it.
field-address = Mail address
field-days = Days
field-hour = Hour
field-timezone = Time zone
weekday-mon = Monday
weekday-tue = Tuesday
weekday-wed = Wednesday
weekday-thu = Thursday
weekday-fri = Friday
weekday-sat = Saturday
weekday-sun = Sunday
asked = Look into your mail
asked-said = A mail is on its way to { $address }. The link in it starts “{ $name }”; without it nothing is ever sent.
asked-none = Nothing there after some minutes? Look among unwanted mail. One such mail a day is sent to an address.
confirm = Confirm
confirm-head = One click more
confirm-joins = “{ $name }” will be mailed to { $address }.
confirm-moves = “{ $name }” will go to { $address } from now on.
joined = Welcome
joined-said = “{ $name }” will be mailed to { $address }. The first digest leaves within minutes, the others at your hour.
moved = Moved
moved-said = “{ $name }” goes to { $address } from now on.
used = Already confirmed
used-said = This link was used before; it does nothing more. What you chose since then holds.
taken = Already there
taken-said = That address gets “{ $name }” already, so nothing was moved.
closed = Closed
closed-said = This digest is not open to new readers any more.
over = This link is over
over-said = A confirmation is good for a week.
over-again = Sign up again

## Pages: preferences, leaving

mailed-to = mailed to { $address }
mailed-not = mailed to { $address }: not now, you unsubscribed
mailed-paused = mailed to { $address }: paused until { $day }
back = Send it to me again
when = When it comes
pause-until = Nothing before (a pause; empty for none)
save = Save
move = Another address
move-address = New mail address
move-there = Move there
all-digests = All digests that you got
leave = Leave
forget-sure = Delete all about me: my address, my words, the mails that I got
forget = Delete it all
forgotten = Deleted
forgotten-said = Your address, your words and the mails that you got are gone from here, and every link in those mails is dead.
done-saved = Saved.
done-left = You get no more mail of this digest.
done-back = Welcome back.
done-move = A mail is on its way to { $address }; the move happens when you confirm it there.
unsubscribed = Unsubscribed
unsubscribed-said = “{ $name }” is mailed to { $address } no more.
undo = Undo
unsubscribe-said = “{ $name }” is mailed to { $address }.
unsubscribe-now = Send me no more of it
unsubscribe-less = Get it less often, or pause it

## Pages: what a form cannot take

wrong-field = “{ $name }” cannot be used; write one short line.
wrong-address = That is no mail address that can be used; write it like ada@example.org.
wrong-days = Choose at least one day.
wrong-hour = Write the hour as 08:00.
wrong-timezone = That time zone is not known; write it like Europe/Berlin.
wrong-day = Write the day as 2026-12-31.
wrong-pause = A pause ends within a year; to stop for good, unsubscribe.
wrong-sure = Tick the box to say that you are sure.
wrong-not-ours = This address stands in the operator's file; please ask them to change it there.
wrong-choice = Choose one, or write one.

## Pages: more, less, mute, follow

noted = Noted: it counts from the next digest on.
taken-back = Taken back.
does-more = Papers like it will come more.
does-less = This paper and those like it will come less.
does-mute = Papers with this word never come.
does-follow = Papers of this name come.
does-for-all = This holds for all readers of “{ $name }”.
do-mute = Mute it
do-follow = Follow
what-would = What would that do?
or-mute = Or write a word or phrase
or-follow = Or write a name
effect = What it would do
effect-none = { $waiting ->
    [0] No paper waits for your next digest; it counts for those to come.
    [one] Nothing to the one paper that waits for your next digest; it counts for those to come.
   *[other] Nothing to the { $waiting } papers that wait for your next digest; it counts for those to come.
}
effect-out = Of { $waiting } papers that wait for your next digest, { $count } would not come:
effect-moved = Papers that move
column-paper = Paper
column-now = Now
column-then = Then
holds = What holds now
take-back = Take back
take-back-what = Take back: { $what }
word-more = More
word-less = Less
word-mute = Mute
word-follow = Follow

## Pages: errors

error-400 = That did not arrive whole
error-400-said = Please go back and send it again.
error-403 = Not from here
error-403-said = This form was not sent from one of our pages; please open the page anew.
error-404 = Nothing here
error-404-said = There is no such page, or its link is not one of ours any more.
error-405 = Not like this
error-405-said = This page cannot be asked in that way.
error-408 = Too slow
error-408-said = The request did not arrive in time; please send it again.
error-413 = Too large
error-413-said = More was sent than this page takes.
error-429 = Too often
error-429-said = Please try again in an hour.
error-500 = Something broke here
error-500-said = It is not your fault, and what went wrong was noted. Please try again later.
error-503 = Not now
error-503-said = Please try again in a moment.
error-listing = To the listing

## What is wrong with a query, and what to write instead

query-long = { $length } characters are more than the { $most } that a query may have
query-long-hint = split the topic in two
query-open-quote = this quotation mark is never closed
query-open-quote-hint = write "phrase", marked at both ends
query-operator = { $what } is not an operator
query-operator-hint = write { $ours }, or "{ $word }" for the word
query-minus = { $what } is not how to exclude a word
query-minus-hint = write NOT { $word }
query-long-term = { $length } characters are more than the { $most } that a word or phrase may have
query-long-term-hint = write a few telling words of it
query-no-word = there is no word in { $what }
query-no-word-hint = write a word or a "phrase"
query-star = '*' in { $what } does not stand at the end of a word
query-star-hint = write { $begin }*
query-broad = { $what } would hold for nearly every paper
query-broad-hint = write at least { $least } letters before '*'
query-empty = the query is empty
query-empty-hint = write words to look for, or leave the key out
query-not-opened = this parenthesis was never opened
query-not-opened-hint = take it out, or open one before it
query-not-closed = this parenthesis is never closed
query-not-closed-hint = write ')' where it should end
query-near-sides = NEAR joins words or phrases, or several joined by OR
query-near-sides-hint = write "one phrase" NEAR/5 word, or (one OR other) NEAR/5 word
query-near-two = NEAR joins two sides only
query-near-two-hint = write (a NEAR b) AND (b NEAR c)
query-deep = more than { $most } levels of parentheses and NOT
query-deep-hint = take out those that change nothing
query-operand = { $what } stands where a word should be
query-operand-hint = write a word on both sides of an operator, and none in ()
query-end = the query ends where a word should be
query-end-hint = write a word on both sides of an operator, and none in ()
query-field = there is no field { $what }
query-field-hint = known: { $known } (put words with a colon in "quotation marks")
query-field-near = there is no field { $what }
query-field-near-hint = did you mean '{ $meant }'? (put words with a colon in "quotation marks")
query-open-name = a name has no open end
query-open-name-hint = write the surname, or all of the name; initials are enough for given names
query-words = more than { $most } words
query-words-hint = use wildcards, or split the topic in two
query-distance = { $what } has no distance in words
query-distance-hint = write NEAR/1 to NEAR/{ $most }
query-date = { $what } is not a date
query-date-hint = write after:YYYY-MM-DD
refused-mute = { $what } cannot be muted: { $problem }
refused-follow = { $what } cannot be followed: { $problem }
refused-topic = This paper came under no topic of { $name }; nothing was noted.

## Why two papers are taken for one

evidence-title = same title
evidence-words = { $share } % of its abstract's words
evidence-authors = same authors
evidence-strangers = no authors in common
evidence-shared = { $count ->
    [one] { $count } author in common
   *[other] { $count } authors in common
}
evidence-version = version { $version } of a paper from before we watched
evidence-new-version = a new version of a paper from before we watched
