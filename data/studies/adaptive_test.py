"""What is true of the CRM vendor's studies. Segments, needs and channels have the ids of the plan ``adaptive-test``."""

from datetime import date

from .truth import (
    Arrivals,
    Associations,
    Awareness,
    BestWorst,
    Categories,
    Channel,
    Choices,
    Company,
    Comparisons,
    Feedback,
    Habits,
    Kpi,
    Ladder,
    Mix,
    Needs,
    Page,
    Pages,
    PriceLimits,
    Purchases,
    Reach,
    Recommend,
    Source,
    Subscriptions,
    Theme,
    Usage,
)

__all__ = ["ADAPTIVE_TEST"]

NEEDS = Needs(
    respondents={"enterprise": 180},
    top_two={
        "enterprise": {
            "test-alone": (0.78, 0.18),
            "analyse-at-scale": (0.71, 0.27),
            "prove-return": (0.66, 0.31),
            "one-view": (0.80, 0.66),
            "keep-consent": (0.55, 0.58),
            "fewer-tools": (0.44, 0.35),
        }
    },
)

KANO = Categories(
    respondents=160,
    shares={
        "adaptive-tests": {"A": 0.52, "O": 0.24, "M": 0.06, "I": 0.13, "R": 0.04, "Q": 0.01},
        "linked-results": {"A": 0.22, "O": 0.48, "M": 0.14, "I": 0.13, "R": 0.02, "Q": 0.01},
        "consent-record": {"A": 0.05, "O": 0.18, "M": 0.60, "I": 0.14, "R": 0.02, "Q": 0.01},
        "page-editor": {"A": 0.12, "O": 0.30, "M": 0.40, "I": 0.15, "R": 0.02, "Q": 0.01},
        "session-time": {"A": 0.34, "O": 0.14, "M": 0.06, "I": 0.42, "R": 0.03, "Q": 0.01},
        "text-suggestions": {"A": 0.26, "O": 0.08, "M": 0.03, "I": 0.40, "R": 0.21, "Q": 0.02},
    },
)

# What a message may promise.
MAXDIFF = BestWorst(
    respondents=120,
    sets=6,
    shown=4,
    utilities={
        "better-pages-this-week": 1.10,
        "proof-of-revenue": 0.85,
        "no-it-needed": 0.60,
        "part-of-your-contract": 0.05,
        "consent-stays-in-order": -0.20,
        "three-measures-at-once": -0.45,
        "ready-made-templates": -0.75,
        "made-with-customers": -1.20,
    },
)

# Offers in return for a contact's consent: heads of marketing on one side, administrators on the other.
TURF = Reach(
    respondents=260,
    kinds=(
        (
            0.62,
            {
                "guide-to-page-tests": 0.55,
                "benchmark-report": 0.48,
                "return-calculator": 0.40,
                "recorded-demo": 0.22,
                "security-paper": 0.04,
                "migration-checklist": 0.06,
                "peer-round-table": 0.30,
            },
        ),
        (
            0.38,
            {
                "guide-to-page-tests": 0.18,
                "benchmark-report": 0.08,
                "return-calculator": 0.06,
                "recorded-demo": 0.30,
                "security-paper": 0.52,
                "migration-checklist": 0.45,
                "peer-round-table": 0.10,
            },
        ),
    ),
)

# Euros a month for the add-on, on top of an enterprise contract of about 2,000 a month.
PRICE_LIMITS = PriceLimits(
    respondents=200,
    too_cheap=90,
    cheap=160,
    expensive=260,
    too_expensive=380,
    spread=0.38,
    scatter=0.07,
    careless=0.05,
    step=5,
    buy_at_cheap=(0.05, 0.15, 0.25, 0.30, 0.25),
    buy_at_expensive=(0.30, 0.30, 0.22, 0.12, 0.06),
)

LADDER = Ladder(respondents=220, prices=(90, 120, 150, 180, 210, 240, 300, 360), median=230, spread=0.45)

CHOICES = Choices(
    respondents=120,
    tasks=8,
    alternatives=3,
    price="price",
    prices=(90, 150, 210, 290),
    per_euro=-0.008,
    levels={
        "tests": {"by-hand": 0.0, "adaptive": 1.60},
        "analysis": {"single-pages": 0.0, "at-scale": 0.90},
        "contract": {"separate": 0.0, "same-contract": 0.55},
        "support": {"forum": 0.0, "named-contact": 0.40},
    },
)

RECOMMEND = Recommend(
    segments={
        "enterprise": (220, 0.46, 0.34, 0.20),
        "mid-market": (140, 0.35, 0.38, 0.27),
        "agencies": (60, 0.28, 0.37, 0.35),
        "small-business": (80, 0.22, 0.36, 0.42),
    }
)

FEEDBACK = Feedback(
    reviews=360,
    second=0.35,
    first_day=date(2025, 7, 1),
    days=548,
    sources={"review site": 0.45, "support survey": 0.30, "community forum": 0.15, "sales call": 0.10},
    segments={"enterprise": 0.45, "mid-market": 0.30, "agencies": 0.10, "small-business": 0.15},
    slots={
        "weeks": ("two weeks", "three weeks", "almost a month", "five weeks", "ten working days"),
        "page": ("landing page", "sign-up page", "pricing page", "campaign page", "webinar page"),
        "team": ("our team", "the whole department", "the sales floor", "our back office", "everybody here"),
        "tools": ("four tools", "three systems", "five exports", "two spreadsheets"),
        "day": ("Monday", "Tuesday", "Thursday", "Friday"),
    },
    openings=(
        "We have been customers since 2022.",
        "Second year with this vendor.",
        "I use it every day.",
        "Overall a mixed picture.",
        "Short note after the renewal.",
        "Speaking for a large company.",
    ),
    closings=(
        "I hope this gets read.",
        "Happy to talk about it.",
        "Let us see what the next release brings.",
        "That is my honest view.",
        "We will decide again next year.",
    ),
    themes={
        "waiting for IT": Theme(
            share=0.22,
            stars=(0.30, 0.40, 0.20, 0.08, 0.02),
            words=("page test", "IT department", "developer"),
            sentences=(
                "Every page test waits {weeks} for the IT department.",
                "We cannot start a page test on a {page} unless a developer places the script.",
                "By the time the IT department has put the page test live, the campaign is over.",
                "To test two versions of a {page} I file a ticket and wait {weeks} for a developer.",
                "Marketing should run a page test alone, without begging the IT department.",
                "A developer needs {weeks} to set up one page test on our {page}.",
            ),
        ),
        "reports by hand": Theme(
            share=0.18,
            stars=(0.20, 0.38, 0.28, 0.12, 0.02),
            words=("report", "dashboard"),
            sentences=(
                "Every {day} I put the campaign report together by hand from {tools}.",
                "The dashboard does not show which campaign brought which revenue.",
                "A report across all campaigns takes me a day, because the dashboard stops at single mailings.",
                "The board asks for a revenue report and I copy numbers from {tools}.",
                "We export everything, since no dashboard compares campaigns at scale.",
                "Attribution is missing: each {day} the report starts from zero.",
            ),
        ),
        "one view of the contact": Theme(
            share=0.17,
            stars=(0.01, 0.03, 0.10, 0.36, 0.50),
            words=("history", "timeline"),
            sentences=(
                "I love that the full history of a customer is in one timeline.",
                "Calls, mails and visits in one timeline: {team} finally knows who said what.",
                "The customer history saves {team} from asking the same thing twice.",
                "One glance at the timeline before a call and I am prepared.",
                "Having the complete contact history in one place is worth the money alone.",
            ),
        ),
        "support": Theme(
            share=0.13,
            stars=(0.02, 0.05, 0.13, 0.38, 0.42),
            words=("support agent", "hotline", "helpdesk"),
            sentences=(
                "The helpdesk answered within an hour and stayed until it worked.",
                "A friendly support agent explained the import to {team}, step by step.",
                "The hotline knows the product and does not read from a script.",
                "Our support agent called back on {day} although it was late.",
                "Quick helpdesk, clear answers, kind people on the hotline.",
            ),
        ),
        "slow pages": Theme(
            share=0.11,
            stars=(0.34, 0.36, 0.20, 0.08, 0.02),
            words=("loading", "freezes"),
            sentences=(
                "Lists with many contacts keep loading and loading, worst on {day}.",
                "The editor freezes when the {page} has more than twenty blocks.",
                "Loading times got worse after the last update; the browser freezes twice a day.",
                "{team} complains about loading times in the morning.",
                "Search freezes with large segments, and loading takes half a minute.",
            ),
        ),
        "price and terms": Theme(
            share=0.10,
            stars=(0.18, 0.32, 0.32, 0.15, 0.03),
            words=("invoice", "add-on", "licence"),
            sentences=(
                "Each add-on costs extra and the invoice grows every year.",
                "The licence model is hard to explain to our purchasing people.",
                "We pay a licence for users who log in once a quarter.",
                "I would rather have it in our contract than one more add-on on the invoice.",
                "The invoice does not say which add-on {team} really uses.",
            ),
        ),
        "consent": Theme(
            share=0.09,
            stars=(0.06, 0.12, 0.30, 0.36, 0.16),
            words=("consent", "privacy"),
            sentences=(
                "Consent is recorded cleanly, and our privacy officer is content.",
                "The consent log helped us in an audit.",
                "Consent from events still has to be typed in, which makes privacy harder.",
                "Data stays in Europe, a must for our privacy officer.",
                "Consent differs between mail and phone and {team} mixes them up.",
            ),
        ),
    },
)

ASSOCIATIONS = Associations(
    respondents=240,
    chances={
        "our CRM": {
            "easy to use": 0.42,
            "tests without IT": 0.30,
            "proves revenue": 0.34,
            "all in one place": 0.62,
            "trusted with consent": 0.58,
            "good value": 0.36,
        },
        "Halden": {
            "easy to use": 0.28,
            "tests without IT": 0.14,
            "proves revenue": 0.52,
            "all in one place": 0.56,
            "trusted with consent": 0.50,
            "good value": 0.15,
        },
        "Oriel": {
            "easy to use": 0.60,
            "tests without IT": 0.26,
            "proves revenue": 0.18,
            "all in one place": 0.30,
            "trusted with consent": 0.22,
            "good value": 0.58,
        },
        "Pontis": {
            "easy to use": 0.20,
            "tests without IT": 0.10,
            "proves revenue": 0.30,
            "all in one place": 0.44,
            "trusted with consent": 0.54,
            "good value": 0.22,
        },
        "a testing tool": {
            "easy to use": 0.38,
            "tests without IT": 0.56,
            "proves revenue": 0.26,
            "all in one place": 0.06,
            "trusted with consent": 0.16,
            "good value": 0.30,
        },
    },
)

AWARENESS = Awareness(respondents=400, unprompted=0.14, prompted=0.31)

# Training days and packs of contacts, bought beside the contract.
PURCHASES = Purchases(
    customers=420,
    first_day=date(2025, 1, 1),
    entry=52,
    weeks=104,
    r=0.85,
    alpha=9.0,
    a=0.75,
    b=2.9,
    p=4.5,
    q=4.2,
    v=1700.0,
    leanings={
        "enterprise": (0.5, 0.9, -0.3),
        "mid-market": (0.1, 0.0, 0.0),
        "agencies": (0.3, -0.2, 0.3),
        "small-business": (-0.6, -0.9, 0.4),
    },
)

# Enterprise contracts by the year they began: 12 % leave after the first year, and about 1,200 are left.
SUBSCRIPTIONS = Subscriptions(
    alpha=0.7,
    beta=0.7 * 0.88 / 0.12,
    cohorts={
        "2019": 175,
        "2020": 180,
        "2021": 185,
        "2022": 195,
        "2023": 205,
        "2024": 215,
        "2025": 230,
        "2026": 245,
    },
    periods=7,
)

USAGE = Usage(
    months=("2026-07", "2026-08", "2026-09", "2026-10", "2026-11", "2026-12"),
    accounts={"enterprise": 60, "mid-market": 50, "agencies": 20},
    features={
        "contact-timeline": {"enterprise": (0.97, 60), "mid-market": (0.94, 32), "agencies": (0.80, 20)},
        "email-campaigns": {"enterprise": (0.90, 12), "mid-market": (0.86, 7), "agencies": (0.95, 24)},
        "page-editor": {"enterprise": (0.72, 8), "mid-market": (0.45, 4), "agencies": (0.85, 18)},
        "reports": {"enterprise": (0.65, 9), "mid-market": (0.40, 4), "agencies": (0.60, 10)},
        "consent-record": {"enterprise": (0.82, 5), "mid-market": (0.50, 3), "agencies": (0.35, 2.5)},
        "page-tests": {"enterprise": (0.18, 2), "mid-market": (0.06, 1.6), "agencies": (0.25, 3)},
    },
)

# How marketing teams work: those who build and test, those who report to others, those who are short of hands.
HABITS = Habits(
    respondents=320,
    kinds={
        "builders": (
            0.42,
            {
                "tests two versions of a page": 0.85,
                "builds pages without developers": 0.80,
                "reports to the board": 0.35,
                "has its own analyst": 0.65,
                "buys by tender": 0.30,
                "uses agencies": 0.25,
            },
            {"campaigns a month": 9.0},
        ),
        "reporters": (
            0.34,
            {
                "tests two versions of a page": 0.20,
                "builds pages without developers": 0.15,
                "reports to the board": 0.92,
                "has its own analyst": 0.75,
                "buys by tender": 0.85,
                "uses agencies": 0.55,
            },
            {"campaigns a month": 5.0},
        ),
        "short of hands": (
            0.24,
            {
                "tests two versions of a page": 0.10,
                "builds pages without developers": 0.45,
                "reports to the board": 0.15,
                "has its own analyst": 0.05,
                "buys by tender": 0.08,
                "uses agencies": 0.80,
            },
            {"campaigns a month": 2.0},
        ),
    },
)

# Curves in the plan's unit (customers a year); each lies within the range of the plan's estimate. What the weekly table
# counts is leads, of which a channel's close rate become customers. Search ads began with the second year.
MIX = Mix(
    first_week=date(2024, 12, 30),
    weeks=104,
    base=8.0,
    trend=2.0,
    season=4.0,
    events=5.0,
    event_weeks=(11, 24, 41, 63, 77, 93),
    season_peaks=((32, 3.5, -1.0), (51, 2.0, -1.2), (40, 5.0, 0.7), (5, 5.0, 0.3)),
    channels={
        "linkedin-ads": Channel(20.0, 46000, 1.5, 0.3, 0.018, 30000, "flights"),
        "email": Channel(8.5, 5600, 1.0, 0.1, 0.040, 12000, "steady"),
        "e-book": Channel(7.0, 9000, 1.0, 0.4, 0.012, 5000, "flights"),
        "search-ads": Channel(14.0, 31000, 1.1, 0.1, 0.030, 30000, "steady", start=52),
        "partners": Channel(6.5, 14000, 1.0, 0.5, 0.045, 8000, "steady"),
        "events": Channel(11.0, 28000, 2.2, 0.6, 0.035, 15000, "bursts"),
    },
)

ARRIVALS = Arrivals(
    sources={
        "linkedin-ads": Source(0.018, {"enterprise": 0.75, "mid-market": 0.25}),
        "email": Source(0.040, {"enterprise": 1.0}),
        "e-book": Source(0.012, {"enterprise": 0.5, "mid-market": 0.35, "agencies": 0.15}),
        "search-ads": Source(0.030, {"enterprise": 0.6, "mid-market": 0.4}),
        "partners": Source(0.045, {"enterprise": 0.7, "agencies": 0.3}),
        "events": Source(0.035, {"enterprise": 1.0}),
        "direct": Source(0.025, {"enterprise": 0.6, "mid-market": 0.3, "agencies": 0.1}),
    },
    regions={"DACH": 0.34, "Italy": 0.22, "Benelux": 0.18, "Nordics": 0.15, "Iberia": 0.11},
    deals={"enterprise": 24000, "mid-market": 6500, "agencies": 9000},
    stages=("new", "contacted", "meeting", "offer", "customer"),
    median_hours=9.0,
    spread=1.4,
    never=0.06,
    in_time=2.0,
    other_source="direct",
)

PAGES = Pages(
    users=12600,
    variants={
        "long form": Page(0.062, 0.0210, 94, 70),
        "short form": Page(0.074, 0.0285, 88, 68),
        "customer story": Page(0.069, 0.0240, 118, 82),
    },
)

KPI_MONTHS = ("2027-01", "2027-02", "2027-03", "2027-04", "2027-05", "2027-06")
BUDGET = (9000, 9000, 9300, 9300, 9600, 9600)
KPIS = {
    "awareness": Kpi((0.45, 0.45, 0.46, 0.47, 0.48, 0.50), response=1.02, scatter=0.02, digits=3),
    "share-of-voice": Kpi((0.12, 0.12, 0.13, 0.13, 0.14, 0.14), response=0.93, scatter=0.05, digits=3),
    "nps": Kpi((20, 20, 21, 22, 23, 24), response=1.05, scatter=0.08),
    "adoption": Kpi((0.02, 0.03, 0.05, 0.07, 0.09, 0.11), response=1.15, scatter=0.08, digits=3),
    "leads": Kpi((110, 112, 118, 120, 126, 128), response=0.90, spend=BUDGET, spending=1.06, scatter=0.06),
    "customers": Kpi((2, 2, 2, 3, 3, 3), response=0.95, spend=BUDGET, spending=1.06, scatter=0.15),
    "revenue": Kpi(
        (46000, 48000, 50000, 58000, 60000, 62000), response=0.94, spend=BUDGET, spending=1.06, scatter=0.08
    ),
    "email-click-rate": Kpi((0.030, 0.030, 0.030, 0.031, 0.031, 0.032), response=1.08, scatter=0.06, digits=4),
}

# The weights of the plan's criteria. Two judgements stray from them, as people's do.
COMPARISONS = Comparisons(
    weights={"audience": 4, "cost": 2, "speed": 2, "measurable": 2, "contacts": 1},
    slips={("audience", "cost"): 3, ("speed", "contacts"): 3},
)

ADAPTIVE_TEST = Company(
    plan="adaptive-test",
    needs=NEEDS,
    kano=KANO,
    maxdiff=MAXDIFF,
    turf=TURF,
    price_limits=PRICE_LIMITS,
    ladder=LADDER,
    choices=CHOICES,
    recommend=RECOMMEND,
    feedback=FEEDBACK,
    associations=ASSOCIATIONS,
    awareness=AWARENESS,
    purchases=PURCHASES,
    subscriptions=SUBSCRIPTIONS,
    usage=USAGE,
    habits=HABITS,
    mix=MIX,
    arrivals=ARRIVALS,
    pages=PAGES,
    kpi_months=KPI_MONTHS,
    kpis=KPIS,
    comparisons=COMPARISONS,
)
