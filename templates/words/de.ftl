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
state-failed = Gescheitert
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
source-failing = scheitert seit { $moment }: { $error }
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
