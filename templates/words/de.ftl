### Die Wörter einer Mail auf Deutsch. Was eine Nachricht bedeutet, steht in en.ftl an derselben Stelle.

# Wie Tage und Zeiten geschrieben werden: Muster der CLDR.
pattern-day = EEE d. MMM
pattern-date = EEEE, d. MMMM y
pattern-month = MMMM y
pattern-moment = EEE d. MMM HH:mm
pattern-weekday = EEE

program = Paper Monitor
quoted = „{ $text }“
listed = { $firsts } und { $last }

## Anzahlen

papers = { $count ->
    [one] { $count } Arbeit
   *[other] { $count } Arbeiten
}
upvotes = { $count ->
    [one] { $count } Stimme
   *[other] { $count } Stimmen
}

## Der Betreff und die Zeile daneben

subject-new = { $count } neu zu { $topic }
subject-new-and-others = { $count } neu zu { $topic } und { $others ->
    [one] { $others } weiteren Thema
   *[other] { $others } weiteren Themen
}
subject-revised = { $count } überarbeitet
subject-rising = „{ $name }“ nimmt zu
subject-quiet = Nichts Neues für { $profile }, { $day }
preheader-quiet = Was gelesen wurde und warum nichts dabei war.

## Die Zeilen oben

contents = In dieser Mail
lead = { $papers } für Sie, von { $count }, die gelistet wurden.
tally-new = { $count } neu
tally-revised = { $count } überarbeitet
tally-late = { $count } verspätet
tally-quiet = nichts
other-topics = { $count ->
    [one] { $count } weiteres Thema
   *[other] { $count } weitere Themen
}
tally-others = { $busy ->
    [0] nichts
   *[other] { $busy } mit Arbeiten
}
rising = Im Kommen

## Karten

places-more = { $place } und { $count } weitere
byline-more = { $authors } und { $count ->
    [one] { $count } weitere Person
   *[other] { $count } weitere
}
picked-later = dann { $source } { $days ->
    [one] { $days } Tag später
   *[other] { $days } Tage später
}
age-first-seen = zuerst gesehen am { $day }
age-today = heute erschienen
age-yesterday = gestern erschienen
age-days = { $count } Tage alt
age-month = vom { $month }
badge-new = Neu
badge-first-story = Das Erste seiner Art seit { $days } Tagen
badge-related = Vielleicht eine neuere Fassung
badge-resurfaced = Nach { $months } Monaten wieder da
badge-revised = Überarbeitet
badge-near-duplicate = Fast gleich
badge-late = Verspätet
badge-late-announced = Verspätet, angekündigt am { $day }
badge-copy = Eine Kopie
link-abstract = Zusammenfassung
link-pdf = PDF
link-code = Code
link-hugging-face = Hugging Face
link-more = Mehr davon
link-less = Weniger davon
link-mute = Ein Wort stummschalten
link-follow = Einer Person folgen
link-follow-institution = Einer Einrichtung folgen
link-view = Im Browser ansehen
link-preferences = Einstellungen
link-unsubscribe = Abbestellen
why = Warum diese Arbeit
why-also = { $reasons } (auch unter { $topics })
why-near = nahe an Ihrer Beschreibung
why-first-story = { $reasons }; von allem zuvor ist „{ $title }“ am nächsten
reason-query = Sie suchen { $what }
reason-follow = Sie folgen { $what }
reason-author = Sie folgen { $what }
reason-institution = von { $what }
reason-category = gelistet unter { $what }
reason-like = ähnelt, was Ihnen gefällt: { $what }
reason-about = nahe an Ihrer Beschreibung: { $what }
reason-phrase = darin steht { $what }
said-in = { $where ->
    [title] { $text } im Titel
   *[abstract] { $text } in der Zusammenfassung
}
likelihood-4 = fast sicher für Sie, { $share }
likelihood-3 = wahrscheinlich für Sie, { $share }
likelihood-2 = eher für Sie, { $share }
likelihood-1 = vielleicht für Sie, { $share }
share = { NUMBER($share, style: "percent") }
share-over = über { NUMBER($share, style: "percent") }
copies = Auch gesehen als
copy-of = liest sich wie „{ $title }“ ({ $evidence })
copy-maybe = vielleicht eine neuere Fassung von „{ $title }“ ({ $evidence })
copy-also = auch gelistet als „{ $title }“

more-on-page = und { $count } weitere, auf der Seite dieser Mail
more-in-text = { $count } weitere stehen im Nur-Text-Teil dieser Mail, wo Platz für sie ist.

## Überarbeitungen

changed = Was sich geändert hat
change-title = Titel
change-numbers = Zahlen
change-abstract = Text
change-begins = Beginnt mit
change-added = Hinzu
change-removed = Entfallen
change-edited = Umformuliert
change-more = Mehr
change-rewritten = von Grund auf neu geschrieben
change-more-sentences = { $count ->
    [one] { $count } weiterer Satz geändert
   *[other] { $count } weitere Sätze geändert
}

## Was wartet, was still ist, was zurückgehalten wurde

waiting = { $count ->
    [one] { $count } weitere Arbeit passt und wartet auf einen Platz: diese Mail fasst { $budget }.
   *[other] { $count } weitere Arbeiten passen und warten auf einen Platz: diese Mail fasst { $budget }.
}
quiet-nothing-listed = Still: { $topics }. Seit Ihrer letzten Mail hat keine Quelle etwas gelistet.
quiet-all = Still: { $topics }. { $count ->
    [one] { $count } gelistete Arbeit wurde gelesen, und nichts kam über Ihre Schwelle.
   *[other] { $count } gelistete Arbeiten wurden gelesen, und nichts kam über Ihre Schwelle.
}
quiet-some = Still: { $topics }. { $count ->
    [one] { $count } gelistete Arbeit wurde gelesen, und nichts kam hier über die Schwelle.
   *[other] { $count } gelistete Arbeiten wurden gelesen, und nichts kam hier über die Schwelle.
}
withheld = Sie haben „{ $word }“ stummgeschaltet: { $count ->
    [one] { $count } Arbeit zurückgehalten.
   *[other] { $count } Arbeiten zurückgehalten.
}
withheld-undo = { $withheld } Rückgängig: monitor feedback { $profile } --undo { $number }
late = Nachgereicht
late-note = { $count ->
    [one] { $count } Arbeit, die früher angekündigt wurde
   *[other] { $count } Arbeiten, die früher angekündigt wurden
}
near = Knapp unter Ihrer Schwelle
near-note = was am nächsten daran war
near-line = { $topic }: zu { $share } passend, verlangt sind { $asked }
not-again = Nicht noch einmal geschickt
not-again-note = Arbeiten, die Sie haben, unter anderem Namen oder noch einmal gelistet
line-copy-of = Kopie von „{ $title }“
line-copy = Kopie einer Arbeit, die Sie haben
line-resurfaced = { $source } listet sie nach { $months } Monaten wieder
with-evidence = { $line } ({ $evidence })

## Was im Kommen ist

rising-note = schneller, als die eigene Vergangenheit erklärt, über alles, was gelistet wurde
chart-days = { $count ->
    [one] { $count } Listentag
   *[other] { $count } Listentage
}
chart-first-poll = erste Abfrage
trend-usual-upvotes = { $upvotes }; eine Arbeit dieses Alters hat { $expected }
trend-upvotes = { $upvotes }; mehr als Arbeiten dieses Alters
trend-term = { $papers } (letzte { $days }), wo { NUMBER($expected, minimumFractionDigits: 1, maximumFractionDigits: 1) } zu erwarten waren.
trend-new-term = { $papers } (letzte { $days }), zuvor so gut wie nie.
trend-also = { $said } Auch geschrieben { $names }.
trend-sources = { $said } In { $sources }.
trend-state = { $state }: { $said }
trend-emerging = Neu seit { $day }
trend-rising = Im Kommen seit { $day }
trend-peaking = Auf der Höhe seit { $day }
trend-fading = Im Abklingen seit { $day }

## Der Beleg

receipt = Was gelesen wurde
batch = Ausgabe vom
state-late = Verspätet
state-failed = Scheitert
warning = Bitte beachten
receipt-since = Seit { $moment }; diese Installation kennt { $papers }.
receipt-so-far = Bisher; diese Installation kennt { $papers }.
receipt-more-sources = { $count } weitere
receipt-more-status = stehen in „monitor sources“
receipt-missed = Am { $days } konnte keine Mail rechtzeitig los: was sie enthalten hätte, steht in dieser.
receipt-unsure = Noch nicht genug, um sicher zu sein: bis Sie zu etwa { $count } Arbeiten „mehr“ oder „weniger“ gesagt haben, gelten die Wahrscheinlichkeiten solcher Themen im Allgemeinen.
receipt-experiment = Ein Versuch läuft: zwei Arten, Ihre Arbeiten zu finden, teilen sich diese Mail. Was Sie zu Arbeiten sagen, entscheidet.
batch-days = { $first } bis { $last }
batches = { $count } Ausgaben, { $counted }
batch-counted = { $announced } angekündigt, { $read } gelesen
batch-counted-parts = { $counted }: { $parts }
batch-new = { $count } neu
batch-new-late = { $count } neu, verspätet gelesen
batch-revised = { $count } überarbeitet
batch-copies = { $count } fast gleich
batch-past = { $count } zu alt für Neues
batch-flood = { $count } auf einmal neu gelistet, behalten und nicht angekündigt
batch-again = { $count } schon gesehen
source-silent-days = nichts angekündigt am { $days }
source-failing = seit { $moment } ({ $error })
source-not-asked = noch nicht gefragt
source-nothing-new = nichts Neues

## Warum diese Mail kam

why-sent = Sie bekommen diese Mail, weil { $recipient } im Profil „{ $profile }“ ({ $file }) steht, das { $topics } verfolgt, { $schedule }.
schedule = { $days } { $hours } ({ $timezone })
hours-at = um { $hours }
hours-after = nach { $source }, von { $hours } bis { $by }
days-all = täglich
days-weekdays = werktags
days-some = immer { $days }
days-first = am Ersten jedes Monats
days-first-of = { $days }, der erste im Monat,

## Bestätigungen

confirm-subject = Bitte bestätigen: { $profile }
confirm-join = Jemand, hoffentlich Sie, hat „{ $profile }“ für diese Adresse bestellt.
confirm-move = Jemand, hoffentlich Sie, möchte „{ $profile }“ von nun an an diese Adresse bekommen.
confirm-link = Ja, schicken Sie es mir
confirm-ignore = Waren Sie es nicht, tun Sie nichts: Ohne Klick kommt nie etwas, und diese Adresse wird vergessen.
confirm-why = Sie bekommen dies einmal, weil { $address } auf { $site } eingetragen wurde.

## Seiten: was auf allen steht

skip = Zum Inhalt
nav-main = Hauptmenü
nav-listing = Neues
nav-topics = Themen
nav-pages = Seiten
search = Suchen
search-papers = Arbeiten suchen
foot = Jede Liste bleibt so, wie ihre Quelle sie angekündigt hat.
language = Sprache
language-name = Deutsch
older = Ältere
to-page = Seite { $number }

## Seiten: die Listen

span-day = Tag
span-week = Woche
span-month = Monat
span-title-week = Woche { $week }, { NUMBER($year, useGrouping: 0) }
spans = Zeitraum
dates = Daten
dates-again = Daten, noch einmal
papers-of = Arbeiten: { $span }
papers-paged = { $papers }, Seite { $number } von { $pages }
empty-day = Keine Quelle nannte an diesem Tag eine Arbeit.
empty-week = Keine Quelle nannte in dieser Woche eine Arbeit.
empty-month = Keine Quelle nannte in diesem Monat eine Arbeit.
byline-further = { $authors } und { $count } weitere
upvotes-rise = Stimmen: von { $low } am { $from } auf { $high } am { $to }
under-topics = Unter
rising-lead = Was schneller wächst als seine eigene Vergangenheit oder als Arbeiten gleichen Alters.
rising-lead-day = Was schneller wächst als seine eigene Vergangenheit oder als Arbeiten gleichen Alters, Stand { $day }.
rising-none = Nichts steigt schneller, als der Zufall erklärt.
rising-papers = Steigende Arbeiten
rising-pace = { $upvotes }, wo Arbeiten dieses Alters { NUMBER($expected, maximumFractionDigits: 0) } haben
rising-term = { $papers } an { $days ->
    [one] { $days } Listentag
   *[other] { $days } Listentagen
}, wo nach der Vergangenheit { NUMBER($expected, minimumFractionDigits: 1, maximumFractionDigits: 1) } zu erwarten sind
papers-a-day = Arbeiten pro Tag: { $counts }
papers-on-days = Arbeiten an jedem der letzten { $count } Listentage
head-papers = Arbeiten
head-terms = Begriffe

## Seiten: eine Arbeit

published = Veröffentlicht am
texts-seen = { $count } Fassungen gesehen
at-source = Bei der Quelle lesen
reads-like = Liest sich wie
also-listed = Auch genannt als
head-copies = Kopien
head-seen = Wo sie gesehen wurde
sightings = Sichtungen
column-source = Quelle
column-first-listed = Zuerst genannt
column-upvotes = Stimmen
names-all = Alle ihre Namen
head-alike = Ähnliche Arbeiten

## Seiten: Suche und Themen

search-words = Wörter
search-how = AND, OR, NOT, Klammern, "Wortfolgen", offene Enden*, title:, author:, org:, cat:, source:, NEAR/5 – die Sprache der Profile.
search-from = Genannt von
search-to = bis
search-topic = Thema
search-any = Alle
search-as-topic = Diese Suche zum Thema machen
search-as-topic-how = In ein Profil gesetzt, kommen die Arbeiten per Mail.
search-none = Nichts gefunden. Weniger Wörter, oder ein offenes Ende wie diffus*, finden mehr.
search-none-so-far = Nichts gefunden in den Arbeiten, die angesehen wurden.
search-order = Reihenfolge
search-newest = Die neuesten zuerst
search-meaning = Die der Bedeutung nach nächsten zuerst; die Zeile ist gewöhnlicher Text
search-compared = Der Bedeutung nach die nächsten, unter den { $count } neuesten Arbeiten, die das Modell gelesen hat.
search-further = Weitere
search-meaning-fails = Die Suche nach Bedeutung geht gerade nicht oder kam zu oft; eine Minute warten oder nach Datum ordnen.
search-title = Suche: { $text }
search-bounds = Tage wie 2026-12-31 schreiben und höchstens 500 Zeichen suchen.
search-column = Spalte { $column }: { $problem }
topics-lead = Mails, die jeder abonnieren kann, und was sie verfolgen.
topics-none = Hier ist kein Profil öffentlich.
topic-query = Anfrage:
topic-follows = Verfolgt
topic-none = Hierunter kam noch nichts.
weeks-chart = Arbeiten pro Woche, die älteste zuerst: { $counts }
weeks = Arbeiten pro Woche, die letzten { $count } Wochen; { $sum } insgesamt.
subscribe-by-mail = Per Mail abonnieren
past-digests = Frühere Mails
digests-of = Mails: { $name }
digests-yours = Ihre Mails: { $name }
digests-lead = Jeder genau so, wie er gesendet wurde. Wer diese Adresse kennt, kann sie lesen.
digests-none = Noch keiner.
digest-of = Eine Mail von „{ $name }“.

## Seiten: anmelden

subscribe = Abonnieren
subscribe-to = { $name } abonnieren
subscribe-lead = Eine Mail zu Ihrer Stunde: warum jede Arbeit darin steht, nichts doppelt. Sie beginnt, wenn Sie eine Mail bestätigen, und ein Klick beendet sie.
field-address = Mailadresse
field-days = Tage
field-hour = Uhrzeit
field-timezone = Zeitzone
weekday-mon = Montag
weekday-tue = Dienstag
weekday-wed = Mittwoch
weekday-thu = Donnerstag
weekday-fri = Freitag
weekday-sat = Samstag
weekday-sun = Sonntag
asked = Sehen Sie in Ihre Mails
asked-said = Eine Mail an { $address } ist unterwegs. Der Link darin beginnt „{ $name }“; ohne ihn wird nie etwas gesendet.
asked-none = Nach einigen Minuten nichts da? Sehen Sie bei der unerwünschten Post nach. Eine Adresse bekommt eine solche Mail am Tag.
confirm = Bestätigen
confirm-head = Noch ein Klick
confirm-joins = „{ $name }“ wird an { $address } gesendet.
confirm-moves = „{ $name }“ geht von nun an an { $address }.
joined = Willkommen
joined-said = „{ $name }“ wird an { $address } gesendet. Die erste Mail geht in den nächsten Minuten ab, die anderen zu Ihrer Stunde.
moved = Umgezogen
moved-said = „{ $name }“ geht von nun an an { $address }.
used = Schon bestätigt
used-said = Dieser Link wurde schon benutzt; er tut nichts mehr. Was Sie seither gewählt haben, gilt.
taken = Schon da
taken-said = Diese Adresse bekommt „{ $name }“ schon, also wurde nichts verschoben.
closed = Geschlossen
closed-said = Für diese Mail werden keine neuen Leser mehr aufgenommen.
over = Dieser Link ist abgelaufen
over-said = Eine Bestätigung gilt eine Woche.
over-again = Noch einmal anmelden

## Seiten: Einstellungen, Abschied

mailed-to = gesendet an { $address }
mailed-not = gesendet an { $address }: zurzeit nicht, Sie haben abbestellt
mailed-paused = gesendet an { $address }: Pause bis { $day }
back = Wieder an mich senden
when = Wann die Mail kommt
pause-until = Nichts vor dem (eine Pause; leer für keine)
save = Speichern
move = Eine andere Adresse
move-address = Neue Mailadresse
move-there = Dorthin umziehen
all-digests = Alle Mails, die Sie bekamen
leave = Gehen
forget-sure = Alles über mich löschen: meine Adresse, meine Worte, die Mails, die ich bekam
forget = Alles löschen
forgotten = Gelöscht
forgotten-said = Ihre Adresse, Ihre Worte und die Mails, die Sie bekamen, sind hier gelöscht, und kein Link in diesen Mails geht mehr.
done-saved = Gespeichert.
done-left = Sie bekommen diese Mail nicht mehr.
done-back = Willkommen zurück.
done-move = Eine Mail an { $address } ist unterwegs; umgezogen wird, wenn Sie sie dort bestätigen.
unsubscribed = Abbestellt
unsubscribed-said = „{ $name }“ wird nicht mehr an { $address } gesendet.
undo = Rückgängig
unsubscribe-said = „{ $name }“ wird an { $address } gesendet.
unsubscribe-now = Nicht mehr an mich senden
unsubscribe-less = Seltener bekommen oder eine Pause machen

## Seiten: was ein Formular nicht nehmen kann

wrong-field = „{ $name }“ geht so nicht; schreiben Sie eine kurze Zeile.
wrong-address = Das ist keine brauchbare Mailadresse; schreiben Sie sie wie ada@example.org.
wrong-days = Wählen Sie mindestens einen Tag.
wrong-hour = Schreiben Sie die Uhrzeit wie 08:00.
wrong-timezone = Diese Zeitzone ist nicht bekannt; schreiben Sie sie wie Europe/Berlin.
wrong-day = Schreiben Sie den Tag wie 2026-12-31.
wrong-pause = Eine Pause endet binnen eines Jahres; um ganz aufzuhören, bestellen Sie ab.
wrong-sure = Setzen Sie das Häkchen, wenn Sie sicher sind.
wrong-not-ours = Diese Adresse steht in der Datei des Betreibers; bitte lassen Sie sie dort ändern.
wrong-choice = Wählen Sie eines oder schreiben Sie eines.

## Seiten: mehr, weniger, stumm, folgen

noted = Notiert: es zählt von der nächsten Mail an.
taken-back = Zurückgenommen.
does-more = Ähnliche Arbeiten kommen öfter.
does-less = Diese Arbeit und ähnliche kommen seltener.
does-mute = Arbeiten mit diesem Wort kommen nie.
does-follow = Arbeiten unter diesem Namen kommen.
does-for-all = Das gilt für alle, die „{ $name }“ lesen.
do-mute = Stummschalten
do-follow = Folgen
what-would = Was würde das tun?
or-mute = Oder ein Wort oder eine Wortfolge schreiben
or-follow = Oder einen Namen schreiben
effect = Was es täte
effect-none = { $waiting ->
    [0] Keine Arbeit wartet auf Ihre nächste Mail; es zählt für die kommenden.
    [one] Nichts an der einen Arbeit, die auf Ihre nächste Mail wartet; es zählt für die kommenden.
   *[other] Nichts an den { $waiting } Arbeiten, die auf Ihre nächste Mail warten; es zählt für die kommenden.
}
effect-out = Von { $waiting } Arbeiten, die auf Ihre nächste Mail warten, kämen { $count } nicht:
effect-moved = Arbeiten, die sich verschieben
column-paper = Arbeit
column-now = Jetzt
column-then = Dann
holds = Was jetzt gilt
take-back = Zurücknehmen
take-back-what = Zurücknehmen: { $what }
word-more = Mehr
word-less = Weniger
word-mute = Stumm
word-follow = Folgen

## Seiten: Fehler

error-400 = Das kam nicht ganz an
error-400-said = Bitte gehen Sie zurück und senden Sie es noch einmal.
error-403 = Nicht von hier
error-403-said = Dieses Formular kam nicht von einer unserer Seiten; bitte öffnen Sie die Seite neu.
error-404 = Hier ist nichts
error-404-said = Diese Seite gibt es nicht, oder ihr Link ist keiner von uns mehr.
error-405 = So nicht
error-405-said = Diese Seite kann man so nicht fragen.
error-408 = Zu langsam
error-408-said = Die Anfrage kam nicht rechtzeitig an; bitte senden Sie sie noch einmal.
error-413 = Zu groß
error-413-said = Es wurde mehr gesendet, als diese Seite nimmt.
error-429 = Zu oft
error-429-said = Bitte versuchen Sie es in einer Stunde noch einmal.
error-500 = Hier ging etwas kaputt
error-500-said = Es liegt nicht an Ihnen, und was schiefging, ist vermerkt. Bitte versuchen Sie es später noch einmal.
error-503 = Nicht jetzt
error-503-said = Bitte versuchen Sie es gleich noch einmal.
error-listing = Zu den Listen

## Was an einer Suche nicht stimmt, und was man stattdessen schreibt

query-long = { $length } Zeichen sind mehr als die { $most }, die eine Suche haben darf
query-long-hint = teilen Sie das Thema in zwei
query-open-quote = dieses Anführungszeichen wird nie geschlossen
query-open-quote-hint = schreiben Sie "Wortfolge", mit Zeichen an beiden Enden
query-operator = { $what } ist kein Operator
query-operator-hint = schreiben Sie { $ours }, oder "{ $word }" für das Wort
query-minus = mit { $what } schließt man kein Wort aus
query-minus-hint = schreiben Sie NOT { $word }
query-long-term = { $length } Zeichen sind mehr als die { $most }, die ein Wort oder eine Wortfolge haben darf
query-long-term-hint = schreiben Sie ein paar bezeichnende Wörter daraus
query-no-word = in { $what } steht kein Wort
query-no-word-hint = schreiben Sie ein Wort oder eine "Wortfolge"
query-star = '*' in { $what } steht nicht am Ende eines Wortes
query-star-hint = schreiben Sie { $begin }*
query-broad = { $what } träfe auf fast jede Arbeit zu
query-broad-hint = schreiben Sie mindestens { $least } Buchstaben vor '*'
query-empty = die Suche ist leer
query-empty-hint = schreiben Sie gesuchte Wörter, oder lassen Sie den Schlüssel weg
query-not-opened = diese Klammer wurde nie geöffnet
query-not-opened-hint = nehmen Sie sie weg, oder öffnen Sie davor eine
query-not-closed = diese Klammer wird nie geschlossen
query-not-closed-hint = schreiben Sie ')', wo sie enden soll
query-near-sides = NEAR verbindet Wörter oder Wortfolgen, oder mehrere mit OR verbundene
query-near-sides-hint = schreiben Sie "eine Wortfolge" NEAR/5 Wort, oder (eins OR anderes) NEAR/5 Wort
query-near-two = NEAR verbindet nur zwei Seiten
query-near-two-hint = schreiben Sie (a NEAR b) AND (b NEAR c)
query-deep = mehr als { $most } Ebenen von Klammern und NOT
query-deep-hint = nehmen Sie weg, was nichts ändert
query-operand = { $what } steht, wo ein Wort stehen müsste
query-operand-hint = schreiben Sie ein Wort auf beide Seiten eines Operators, und keine leeren ()
query-end = die Suche endet, wo ein Wort stehen müsste
query-end-hint = schreiben Sie ein Wort auf beide Seiten eines Operators, und keine leeren ()
query-field = es gibt kein Feld { $what }
query-field-hint = bekannt: { $known } (Wörter mit Doppelpunkt gehören in "Anführungszeichen")
query-field-near = es gibt kein Feld { $what }
query-field-near-hint = meinten Sie '{ $meant }'? (Wörter mit Doppelpunkt gehören in "Anführungszeichen")
query-open-name = ein Name hat kein offenes Ende
query-open-name-hint = schreiben Sie den Nachnamen oder den ganzen Namen; für Vornamen genügen Anfangsbuchstaben
query-words = mehr als { $most } Wörter
query-words-hint = nehmen Sie offene Enden*, oder teilen Sie das Thema in zwei
query-distance = { $what } nennt keinen Abstand in Wörtern
query-distance-hint = schreiben Sie NEAR/1 bis NEAR/{ $most }
query-date = { $what } ist kein Datum
query-date-hint = schreiben Sie after:JJJJ-MM-TT
refused-mute = { $what } lässt sich nicht stummschalten: { $problem }
refused-follow = { $what } lässt sich nicht verfolgen: { $problem }
refused-topic = Diese Arbeit kam unter keinem Thema von { $name }; nichts wurde vermerkt.

## Warum zwei Arbeiten für eine gehalten werden

evidence-title = gleicher Titel
evidence-words = { $share } % der Wörter der Zusammenfassung
evidence-authors = dieselben Autoren
evidence-strangers = keine gemeinsamen Autoren
evidence-shared = { $count ->
    [one] { $count } gemeinsamer Autor
   *[other] { $count } gemeinsame Autoren
}
evidence-version = Fassung { $version } einer Arbeit aus der Zeit, bevor wir zusahen
evidence-new-version = eine neue Fassung einer Arbeit aus der Zeit, bevor wir zusahen
