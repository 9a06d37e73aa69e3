"""Scripts of the world and mathematics, in a mail whose own language runs from right to left."""

from datetime import date, datetime, timedelta, timezone

from monitor.types.digests import (
    Badge,
    Bar,
    Chart,
    Contents,
    Digest,
    Heading,
    Link,
    PaperCard,
    PaperLine,
    Receipt,
    ReceiptLine,
    Section,
    Tally,
)

DIGEST = Digest(
    profile_id="أوراق",
    profile_name="أوراق ليلى",
    recipient="layla@example.org",
    local_date=date(2026, 6, 7),
    at=datetime(2026, 6, 7, 9, 15, tzinfo=timezone(timedelta(hours=3))),
    subject="٣ أوراق جديدة: 拡散モデル and ∇-free “Größe” 🧪👩‍🔬",
    preheader="拡散モデルによる分類、ورقة عن الترجمة، und mehr.",
    sections=(
        Section(
            "topic",
            (
                Contents((Tally("拡散モデル", "新着 1 件", "拡散モデル"), Tally("ترجمة", "ورقتان", "ترجمة"))),
                Heading("拡散モデル", "今日読んだ 58 本のうち 1 本。", anchor="拡散モデル"),
                PaperCard(
                    title="拡散モデルは分類器でもある：ラベルなしで学ぶ表現とその限界についての実験的考察",
                    url="https://arxiv.org/abs/2606.01010",
                    byline="佐藤 花, 김민수, Đặng Thị Hương",
                    facts=("cs.CV", "推薦 12"),
                    badge=Badge("new", "新着"),
                    why="「拡散モデル」が題名にある。",
                    likelihood="かなり有望",
                    probability=0.85,
                    summary=(
                        "生成のために訓練した網を、追加の学習なしに分類へ使う。十一の課題で、ラベルを使った網に二点以内まで近づいた。"
                        "For ‖∇f‖₂ ≤ ε and α ∈ [0, 1], the bound is O(n·log n) with p < 0.05."
                    ),
                    links=(Link("要旨", "https://arxiv.org/abs/2606.01010"),),
                ),
                Heading("ترجمة", anchor="ترجمة"),
                PaperCard(
                    title="ترجمة اللهجات العربية من غير نصوص متوازية باستخدام Transformers صغيرة",
                    url="https://arxiv.org/abs/2606.02020",
                    byline="ليلى حداد، Omar Said",
                    facts=("cs.CL",),
                    badge=Badge("rising", "صاعدة"),
                    why="كلمة «ترجمة» في العنوان.",
                    likelihood="محتملة",
                    probability=0.55,
                    summary="نموذج صغير يتعلم من نصوص غير متوازية، ويبلغ 31.4 BLEU على ست لهجات.",
                    links=(Link("الملخص", "https://arxiv.org/abs/2606.02020"),),
                ),
                PaperLine(
                    "תרגום עברי מדויק (Hebrew MT) בעזרת 3 מודלים", "https://arxiv.org/abs/2606.03030", "כותרת בלבד"
                ),
                PaperLine(
                    "Proof that $E=mc^2$ ⇒ ∮ B·dl = μ₀I, naïvely: Ångström, Łódź, Ιθάκη, हिन्दी, ไทย, 👩‍👩‍👧‍👦", None
                ),
                Chart("注意機構", "今週 5 本", tuple(Bar(f"{day}日", day % 4) for day in range(1, 9)), recent=2),
            ),
        ),
    ),
    receipt=Receipt((ReceiptLine("arXiv cs.CV", "5 يونيو", "أُعلن عن 58 وقُرئت 58"),)),
    why_sent="تصلك هذه الرسالة لأن layla@example.org في الملف «أوراق ليلى».",
    language="ar",
)
