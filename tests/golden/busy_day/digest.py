"""A Saturday with three topics, every badge, more papers than the budget holds, and one late source."""

from datetime import date, datetime, timedelta, timezone

from monitor.types.digests import (
    Badge,
    Bar,
    Chart,
    Contents,
    Digest,
    Heading,
    Link,
    Note,
    PaperCard,
    PaperLine,
    Receipt,
    ReceiptLine,
    Section,
    Tally,
)

DIFFUSION = (
    Heading("Diffusion classifiers", "Three of 212 papers read.", anchor="diffusion-classifiers"),
    PaperCard(
        title="Your Denoiser Already Knows the Label: Zero-Shot Recognition from Frozen Diffusion Backbones",
        url="https://arxiv.org/abs/2611.01001",
        byline="Mara Lindqvist, Tunde Adeyemi, Ioana Petrescu and 4 more",
        facts=("cs.CV", "41 upvotes", "3rd of 18 on Hugging Face"),
        badge=Badge("new", "New"),
        why="“diffusion model” in the title, “classification” in the abstract; close to two papers you liked.",
        likelihood="Very likely for you: about 9 in 10 such papers are",
        probability=0.91,
        summary=(
            "Generative backbones are seldom used to tell things apart, because sampling is slow. The authors read the "
            "label off a single denoising step and need no further training. On eleven benchmarks this comes within "
            "two points of a network trained with labels, at a fortieth of the usual cost."
        ),
        links=(
            Link("Abstract", "https://arxiv.org/abs/2611.01001"),
            Link("PDF", "https://arxiv.org/pdf/2611.01001"),
            Link("Code", "https://github.com/example/denoiser-knows"),
            Link("More like this", "mailto:feedback@example.org?subject=more%202611.01001"),
        ),
    ),
    PaperCard(
        title="Noise Schedules as Priors for Fine-Grained Recognition",
        url="https://arxiv.org/abs/2611.01417",
        byline="Alexei Brandt, Hyejin Seo",
        facts=("cs.CV", "cs.LG", "126 upvotes"),
        badge=Badge("rising", "Rising"),
        why="Alexei Brandt is an author you follow.",
        likelihood="Likely for you: about 7 in 10",
        probability=0.72,
        summary=(
            "A noise schedule decides which details a diffusion model gets to see. Choosing the schedule per class "
            "makes birds and cars easier to tell apart, with no change to the network."
        ),
        links=(
            Link("Abstract", "https://arxiv.org/abs/2611.01417"),
            Link("PDF", "https://arxiv.org/pdf/2611.01417"),
        ),
    ),
    PaperCard(
        title="A Second Look at Score Matching Features",
        url="https://example.org/openreview/sm-features",
        byline="Priya Raman, Luca Ferri, Nadia Haddad",
        facts=("cs.LG",),
        badge=Badge("late", "Arrived late"),
        why="“representation learning” in the abstract.",
        likelihood="Even odds",
        probability=0.5,
        summary="Announced on 18 November and read today, because the feed was down for two days.",
        links=(Link("Abstract", "https://example.org/openreview/sm-features"),),
    ),
)

AGENTS = (
    Heading("Tool-using agents", "Two of 212 papers read.", anchor="tool-using-agents"),
    PaperCard(
        title="Ledger: Agents That Remember What a Tool Call Cost",
        url="https://arxiv.org/abs/2611.02210",
        byline="Grace Odhiambo, Yusuf Demir",
        facts=("cs.AI", "cs.CL", "18 upvotes"),
        badge=Badge("revised", "Revised"),
        why="Sent to you on 3 November; you asked for revisions of what you were sent.",
        likelihood="Very likely for you: about 9 in 10",
        probability=0.88,
        summary="Agents that keep an account of time and money per tool finish as many tasks for a third of the price.",
        links=(
            Link("Abstract", "https://arxiv.org/abs/2611.02210v2"),
            Link("PDF", "https://arxiv.org/pdf/2611.02210v2"),
        ),
    ),
    PaperLine(
        "When Should an Agent Ask? Interruptions in Long Tasks",
        "https://arxiv.org/abs/2611.02345",
        "Anton Weber and 2 more. “agent” and “tool use” in the abstract; likely for you.",
        Badge("new", "New"),
    ),
    PaperLine(
        "Sandboxes for Browsing Agents",
        "https://arxiv.org/abs/2611.02401",
        "The same work as “Safe Browsing Agents”, sent on 12 November.",
        Badge("near_duplicate", "A copy"),
    ),
    Note("Four more papers were over your budget of 12; they wait until Monday and are dropped after five days."),
    Link("Read all 212 papers of the day", "https://digest.example.org/d/2026-11-21"),
)

RISING = (
    Heading("Rising in your field", "Against what the past eight weeks lead one to expect.", anchor="rising"),
    Chart(
        "latent reasoning",
        "9 papers in five days where 2.1 were expected; chance explains less than 1 in 100 such rises.",
        tuple(
            Bar(f"{day} Nov", value) for day, value in enumerate((0, 1, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0, 2, 1, 3, 3), 5)
        ),
        recent=5,
        links=(Link("First paper of the rise", "https://arxiv.org/abs/2611.00877"),),
    ),
)

DIGEST = Digest(
    profile_id="adas-papers",
    profile_name="Ada’s papers",
    recipient="ada@example.net",
    local_date=date(2026, 11, 21),
    at=datetime(2026, 11, 21, 8, 0, 2, tzinfo=timezone(timedelta(hours=1))),
    subject="6 papers for you: diffusion classifiers and agents, Sat 21 Nov",
    preheader="Zero-shot recognition from a frozen denoiser, a revision of Ledger, and a rising term.",
    sections=(
        Section(
            "contents",
            (
                Contents(
                    (
                        Tally("Diffusion classifiers", "1 new, 1 rising, 1 late", "diffusion-classifiers"),
                        Tally("Tool-using agents", "1 new, 1 revised, 1 copy", "tool-using-agents"),
                        Tally("Rising in your field", "1 term", "rising"),
                        Tally("Protein design", "nothing today"),
                    )
                ),
            ),
        ),
        Section("topic", DIFFUSION),
        Section("topic", AGENTS),
        Section("trends", RISING),
    ),
    receipt=Receipt(
        (
            ReceiptLine("arXiv cs.CV, cs.LG", "20 Nov", "194 announced, 194 read"),
            ReceiptLine("Hugging Face Daily Papers", "20 Nov", "18 announced, 18 read"),
            ReceiptLine(
                "OpenReview feed", "18 Nov", "31 announced, 31 read, three days after they were announced", "late"
            ),
            ReceiptLine("bioRxiv", "", "no answer since Friday 06:00; tried nine times", "failed"),
        ),
        ("212 papers: 6 sent, 4 over budget, 1 copy, 201 below your thresholds.",),
    ),
    why_sent="You get this mail because ada@example.net is in the profile “Ada’s papers”, every day at 08:00.",
    links=(
        Link("Stop this digest", "mailto:digest@example.org?subject=unsubscribe%20adas-papers"),
        Link("Write to the owner", "mailto:owner@example.org"),
    ),
)
