### The words of a mail in English, in the format of Project Fluent (https://projectfluent.org/fluent/guide/).
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
state-failed = Failed
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
source-failing = failing since { $moment }: { $error }
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
