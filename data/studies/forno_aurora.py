"""What is true of the studies of Forno Aurora, a small bakery with a shop and an online shop. Its words are Italian."""

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

__all__ = ["FORNO_AURORA"]

NEEDS = Needs(
    respondents={"famiglie-quartiere": 110, "regali-aziendali": 60, "turisti": 60, "intolleranti": 80},
    top_two={
        "famiglie-quartiere": {
            "biscotti-freschi": (0.82, 0.70),
            "merenda-sana": (0.72, 0.34),
            "ordinare-in-fretta": (0.48, 0.40),
            "regalo-bello": (0.35, 0.45),
            "senza-rischi": (0.30, 0.35),
        },
        "regali-aziendali": {
            "biscotti-freschi": (0.50, 0.62),
            "merenda-sana": (0.12, 0.30),
            "ordinare-in-fretta": (0.74, 0.28),
            "regalo-bello": (0.86, 0.42),
            "senza-rischi": (0.40, 0.30),
        },
        "turisti": {
            "biscotti-freschi": (0.66, 0.60),
            "merenda-sana": (0.15, 0.30),
            "ordinare-in-fretta": (0.36, 0.30),
            "regalo-bello": (0.70, 0.38),
            "senza-rischi": (0.22, 0.32),
        },
        "intolleranti": {
            "biscotti-freschi": (0.70, 0.30),
            "merenda-sana": (0.58, 0.32),
            "ordinare-in-fretta": (0.45, 0.36),
            "regalo-bello": (0.30, 0.26),
            "senza-rischi": (0.92, 0.22),
        },
    },
)

KANO = Categories(
    respondents=140,
    shares={
        "forno-senza-glutine": {"A": 0.28, "O": 0.14, "M": 0.16, "I": 0.37, "R": 0.03, "Q": 0.02},
        "ingredienti-in-etichetta": {"A": 0.06, "O": 0.22, "M": 0.58, "I": 0.11, "R": 0.02, "Q": 0.01},
        "scatola-con-logo": {"A": 0.50, "O": 0.12, "M": 0.04, "I": 0.28, "R": 0.05, "Q": 0.01},
        "consegna-in-giornata": {"A": 0.30, "O": 0.46, "M": 0.08, "I": 0.13, "R": 0.02, "Q": 0.01},
        "abbonamento-mensile": {"A": 0.36, "O": 0.10, "M": 0.03, "I": 0.44, "R": 0.06, "Q": 0.01},
        "biscotti-interi": {"A": 0.03, "O": 0.26, "M": 0.64, "I": 0.05, "R": 0.01, "Q": 0.01},
    },
)

# Che cosa può promettere un messaggio.
MAXDIFF = BestWorst(
    respondents=110,
    sets=6,
    shown=4,
    utilities={
        "sfornati-stamattina": 1.25,
        "burro-e-farina-del-piemonte": 0.70,
        "forno-a-parte-senza-glutine": 0.35,
        "ricetta-della-nonna": 0.20,
        "scatola-da-regalo": -0.10,
        "consegna-in-due-giorni": -0.45,
        "senza-olio-di-palma": -0.70,
        "dal-1962": -1.25,
    },
)

TURF = Reach(
    respondents=240,
    kinds=(
        (
            0.55,
            {
                "cantucci": 0.52,
                "baci-di-dama": 0.60,
                "krumiri": 0.45,
                "amaretti": 0.30,
                "frollini-senza-glutine": 0.05,
                "meringhe": 0.15,
                "biscotti-al-cacao": 0.35,
            },
        ),
        (
            0.25,
            {
                "cantucci": 0.10,
                "baci-di-dama": 0.20,
                "krumiri": 0.12,
                "amaretti": 0.12,
                "frollini-senza-glutine": 0.10,
                "meringhe": 0.40,
                "biscotti-al-cacao": 0.62,
            },
        ),
        (
            0.20,
            {
                "cantucci": 0.03,
                "baci-di-dama": 0.05,
                "krumiri": 0.02,
                "amaretti": 0.38,
                "frollini-senza-glutine": 0.78,
                "meringhe": 0.42,
                "biscotti-al-cacao": 0.04,
            },
        ),
    ),
)

# Euro per una scatola da regalo di 500 grammi.
PRICE_LIMITS = PriceLimits(
    respondents=180,
    too_cheap=7.0,
    cheap=11.0,
    expensive=17.0,
    too_expensive=24.0,
    spread=0.30,
    scatter=0.06,
    careless=0.06,
    step=0.5,
    buy_at_cheap=(0.05, 0.10, 0.22, 0.33, 0.30),
    buy_at_expensive=(0.32, 0.30, 0.22, 0.11, 0.05),
    weights=(0.8, 1.0, 1.3),
)

LADDER = Ladder(respondents=200, prices=(9, 11, 13, 15, 17, 19, 22), median=15.5, spread=0.34)

CHOICES = Choices(
    respondents=110,
    tasks=8,
    alternatives=3,
    price="prezzo",
    prices=(9, 12, 15, 19),
    per_euro=-0.16,
    levels={
        "confezione": {"sacchetto": 0.0, "latta": 0.55, "scatola-da-regalo": 0.95},
        "ingredienti": {"classici": 0.0, "biologici": 0.35, "senza-glutine": -0.40},
        "consegna": {"in-negozio": 0.0, "a-casa": 0.45},
    },
)

RECOMMEND = Recommend(
    segments={
        "famiglie-quartiere": (160, 0.58, 0.30, 0.12),
        "regali-aziendali": (60, 0.40, 0.38, 0.22),
        "turisti": (80, 0.44, 0.38, 0.18),
        "intolleranti": (90, 0.50, 0.26, 0.24),
    }
)

FEEDBACK = Feedback(
    reviews=340,
    second=0.35,
    first_day=date(2025, 7, 1),
    days=548,
    sources={"recensione web": 0.50, "biglietto in negozio": 0.20, "email": 0.18, "social": 0.12},
    segments={"famiglie-quartiere": 0.42, "regali-aziendali": 0.14, "turisti": 0.22, "intolleranti": 0.22},
    slots={
        "biscotti": ("cantucci", "baci di dama", "krumiri", "torcetti", "frollini"),
        "chi": ("mia figlia", "mio marito", "mia madre", "mio fratello", "mia suocera"),
        "quando": ("a Natale", "per Pasqua", "la settimana scorsa", "sabato mattina", "in agosto"),
        "giorni": ("cinque giorni", "una settimana", "nove giorni", "dieci giorni", "quasi due settimane"),
        "voto": ("davvero", "proprio", "onestamente", "sinceramente"),
    },
    openings=(
        "Compro qui da anni.",
        "Prima volta da Aurora.",
        "Abito a due passi.",
        "Li ho conosciuti in vacanza.",
        "Scrivo dopo il terzo acquisto.",
        "Un parere veloce.",
    ),
    closings=(
        "Grazie a tutti.",
        "Vedremo la prossima volta.",
        "Spero che qualcuno legga.",
        "Questo è il mio parere.",
        "Alla prossima.",
    ),
    themes={
        "freschezza e gusto": Theme(
            share=0.24,
            stars=(0.01, 0.02, 0.07, 0.30, 0.60),
            words=("profumo", "croccant", "sapore"),
            sentences=(
                "I {biscotti} hanno un profumo di burro che riempie la cucina.",
                "Sapore di una volta: {chi} ha finito i {biscotti} in un pomeriggio.",
                "Croccanti fuori e morbidi dentro, {voto} freschi di forno.",
                "Il sapore delle nocciole si sente, i {biscotti} sono {voto} speciali.",
                "Presi {quando}: ancora tiepidi, croccanti, con un profumo meraviglioso.",
            ),
        ),
        "spedizione": Theme(
            share=0.19,
            stars=(0.36, 0.36, 0.18, 0.08, 0.02),
            words=("corriere", "spedizione", "pacco"),
            sentences=(
                "Il pacco è arrivato dopo {giorni} e metà dei {biscotti} era in briciole.",
                "Spedizione lenta: ordinati {quando}, consegnati dopo {giorni}.",
                "Il corriere ha lasciato il pacco sotto la pioggia.",
                "Biscotti rotti per colpa della spedizione, peccato per {chi}.",
                "Nessun avviso dal corriere, ho aspettato {giorni}.",
                "Il pacco era ammaccato e i {biscotti} tutti spezzati.",
            ),
        ),
        "confezione regalo": Theme(
            share=0.14,
            stars=(0.02, 0.05, 0.13, 0.35, 0.45),
            words=("confezione", "nastro", "regal"),
            sentences=(
                "La confezione con il nastro rosso è bellissima, perfetta come regalo.",
                "Ho regalato la latta {quando} e {chi} non ci credeva.",
                "Confezione curata, biglietto scritto a mano, un regalo che fa figura.",
                "Abbiamo scelto il regalo per i clienti: nastro con il nostro logo, {voto} elegante.",
                "La confezione costa un poco di più ma il regalo è già pronto.",
            ),
            segments={"regali-aziendali": 0.45, "turisti": 0.30, "famiglie-quartiere": 0.25},
        ),
        "senza glutine": Theme(
            share=0.15,
            stars=(0.14, 0.22, 0.24, 0.24, 0.16),
            words=("glutine", "celiac"),
            sentences=(
                "Sono celiaca e qui trovo pochi frollini senza glutine.",
                "Il senza glutine finisce sempre presto, {quando} non c'era nulla.",
                "In casa {chi} evita il glutine: vorrei sapere se il banco è separato.",
                "Finalmente biscotti senza glutine che non sembrano cartone.",
                "L'etichetta del glutine è scritta troppo piccola, ho dovuto chiedere due volte.",
                "Vorrei più scelta senza glutine anche nelle latte.",
            ),
            segments={"intolleranti": 0.8, "famiglie-quartiere": 0.2},
        ),
        "personale": Theme(
            share=0.11,
            stars=(0.02, 0.04, 0.10, 0.34, 0.50),
            words=("commess", "gentil", "bancone"),
            sentences=(
                "La commessa è gentilissima e fa assaggiare tutto.",
                "Al bancone ti chiamano per nome, {chi} ci va volentieri.",
                "Gentilezza e pazienza anche con la fila {quando}.",
                "Il ragazzo al bancone ci ha spiegato ogni ricetta.",
                "Commesse sorridenti, {voto} un piacere entrare.",
            ),
        ),
        "prezzo": Theme(
            share=0.09,
            stars=(0.14, 0.34, 0.34, 0.15, 0.03),
            words=("prezz", "euro"),
            sentences=(
                "Prezzi alti: diciotto euro per mezzo chilo di {biscotti}.",
                "Il prezzo è salito ancora {quando}, per {chi} è troppo.",
                "Venti euro per una latta mi sembrano {voto} troppi.",
                "Al supermercato il prezzo è la metà, anche se la qualità è un'altra.",
                "Vorrei un sacchetto piccolo a un prezzo da tutti i giorni, cinque euro al massimo.",
            ),
        ),
        "ordine sul sito": Theme(
            share=0.08,
            stars=(0.26, 0.36, 0.24, 0.11, 0.03),
            words=("sito", "carrello", "pagamento"),
            sentences=(
                "Sul sito il carrello si svuota da solo.",
                "Il pagamento sul sito non accetta la mia carta, ho telefonato.",
                "Dal telefono il sito è lento, il carrello sparisce.",
                "Non si capisce dal sito se si può ritirare in negozio.",
                "Il pagamento è fallito due volte {quando}, poi ho lasciato il carrello.",
            ),
        ),
    },
)

ASSOCIATIONS = Associations(
    respondents=220,
    chances={
        "Forno Aurora": {
            "fresco": 0.64,
            "bello da regalare": 0.44,
            "sicuro per intolleranti": 0.30,
            "conveniente": 0.20,
            "facile da ordinare": 0.24,
            "della zona": 0.70,
        },
        "il supermercato": {
            "fresco": 0.10,
            "bello da regalare": 0.06,
            "sicuro per intolleranti": 0.36,
            "conveniente": 0.72,
            "facile da ordinare": 0.52,
            "della zona": 0.08,
        },
        "Dolce Corte": {
            "fresco": 0.34,
            "bello da regalare": 0.66,
            "sicuro per intolleranti": 0.14,
            "conveniente": 0.12,
            "facile da ordinare": 0.46,
            "della zona": 0.22,
        },
        "Libera Pasticceria": {
            "fresco": 0.36,
            "bello da regalare": 0.22,
            "sicuro per intolleranti": 0.74,
            "conveniente": 0.16,
            "facile da ordinare": 0.34,
            "della zona": 0.26,
        },
        "il bar all'angolo": {
            "fresco": 0.40,
            "bello da regalare": 0.10,
            "sicuro per intolleranti": 0.08,
            "conveniente": 0.44,
            "facile da ordinare": 0.20,
            "della zona": 0.58,
        },
    },
)

AWARENESS = Awareness(respondents=350, unprompted=0.22, prompted=0.34)

# Negozio online e tessera fedeltà.
PURCHASES = Purchases(
    customers=700,
    first_day=date(2025, 1, 1),
    entry=52,
    weeks=104,
    r=0.75,
    alpha=6.0,
    a=0.65,
    b=2.6,
    p=5.0,
    q=3.8,
    v=14.0,
    leanings={
        "famiglie-quartiere": (0.9, -0.5, -0.4),
        "regali-aziendali": (-0.7, 1.2, -0.1),
        "turisti": (-0.5, 0.0, 0.8),
        "intolleranti": (0.3, 0.1, -0.3),
    },
)

# La scatola del mese, per mese d'inizio.
SUBSCRIPTIONS = Subscriptions(
    alpha=0.8,
    beta=4.2,
    cohorts={
        "2025-07": 42,
        "2025-08": 25,
        "2025-09": 48,
        "2025-10": 55,
        "2025-11": 80,
        "2025-12": 120,
        "2026-01": 60,
        "2026-02": 52,
        "2026-03": 58,
        "2026-04": 50,
        "2026-05": 46,
        "2026-06": 38,
    },
    periods=17,
)

USAGE = Usage(
    months=("2026-07", "2026-08", "2026-09", "2026-10", "2026-11", "2026-12"),
    accounts={"famiglie-quartiere": 60, "regali-aziendali": 20, "turisti": 25, "intolleranti": 35},
    features={
        "ricerca": {
            "famiglie-quartiere": (0.55, 3),
            "regali-aziendali": (0.60, 3),
            "turisti": (0.50, 2),
            "intolleranti": (0.80, 5),
        },
        "filtro-senza-glutine": {
            "famiglie-quartiere": (0.08, 2),
            "regali-aziendali": (0.15, 2),
            "turisti": (0.05, 1.5),
            "intolleranti": (0.90, 5),
        },
        "riordino": {
            "famiglie-quartiere": (0.40, 3),
            "regali-aziendali": (0.30, 1.6),
            "turisti": (0.05, 1.4),
            "intolleranti": (0.45, 3),
        },
        "ritiro-in-negozio": {
            "famiglie-quartiere": (0.75, 4),
            "regali-aziendali": (0.25, 1.8),
            "turisti": (0.20, 1.3),
            "intolleranti": (0.40, 2.5),
        },
        "biglietto-regalo": {
            "famiglie-quartiere": (0.20, 1.5),
            "regali-aziendali": (0.85, 4),
            "turisti": (0.40, 1.5),
            "intolleranti": (0.12, 1.3),
        },
    },
)

# Come compra chi compra biscotti: per la famiglia, per regalare, per necessità.
HABITS = Habits(
    respondents=280,
    kinds={
        "di casa": (
            0.50,
            {
                "compra in negozio": 0.95,
                "compra online": 0.12,
                "regala biscotti": 0.20,
                "legge gli ingredienti": 0.25,
                "guarda le offerte": 0.75,
            },
            {"acquisti al mese": 6.0},
        ),
        "per regalo": (
            0.30,
            {
                "compra in negozio": 0.45,
                "compra online": 0.80,
                "regala biscotti": 0.95,
                "legge gli ingredienti": 0.25,
                "guarda le offerte": 0.20,
            },
            {"acquisti al mese": 1.2},
        ),
        "per necessità": (
            0.20,
            {
                "compra in negozio": 0.35,
                "compra online": 0.85,
                "regala biscotti": 0.10,
                "legge gli ingredienti": 0.97,
                "guarda le offerte": 0.35,
            },
            {"acquisti al mese": 3.5},
        ),
    },
    words=("sì", "no"),
)

# Curve in ordini all'anno; la tabella settimanale conta gli stessi ordini.
MIX = Mix(
    first_week=date(2024, 12, 30),
    weeks=104,
    base=70.0,
    trend=8.0,
    season=90.0,
    events=25.0,
    event_weeks=(7, 22, 38, 60, 74, 90),
    season_peaks=((49, 2.5, 1.0), (14, 1.8, 0.45), (32, 3.0, -0.3)),
    channels={
        "annunci-social": Channel(2400, 7000, 1.3, 0.3, 1.0, 6000, "flights"),
        "newsletter": Channel(1500, 1000, 1.0, 0.1, 1.0, 1200, "steady"),
        "volantini": Channel(900, 2600, 1.5, 0.4, 1.0, 2500, "flights"),
        "annunci-ricerca": Channel(1300, 3000, 1.0, 0.1, 1.0, 3500, "steady"),
        "fiere": Channel(1000, 3200, 2.0, 0.6, 1.0, 3000, "bursts"),
    },
)

# Richieste di preventivo: regali per clienti e dipendenti, e bomboniere.
ARRIVALS = Arrivals(
    sources={
        "passaparola": Source(0.36, {"regali-aziendali": 0.70, "famiglie-quartiere": 0.30}, weekly=0.9),
        "annunci-ricerca": Source(0.15, {"regali-aziendali": 0.90, "famiglie-quartiere": 0.10}, weekly=1.2),
        "fiere": Source(0.22, {"regali-aziendali": 0.95, "famiglie-quartiere": 0.05}, weekly=0.7),
        "newsletter": Source(0.28, {"regali-aziendali": 0.80, "famiglie-quartiere": 0.20}, weekly=0.6),
        "sito": Source(0.18, {"regali-aziendali": 0.75, "famiglie-quartiere": 0.25}, weekly=1.6),
    },
    regions={"Piemonte": 0.48, "Lombardia": 0.27, "Liguria": 0.15, "altre regioni": 0.10},
    deals={"regali-aziendali": 1400, "famiglie-quartiere": 400},
    stages=("nuovo", "contattato", "incontro", "preventivo", "cliente"),
    median_hours=14.0,
    spread=1.2,
    never=0.08,
    in_time=1.6,
)

PAGES = Pages(
    users=7400,
    variants={"foto del prodotto": Page(0.110, 0.0340, 62, 48), "video del forno": Page(0.128, 0.0420, 79, 60)},
)

KPI_MONTHS = ("2027-01", "2027-02", "2027-03", "2027-04", "2027-05", "2027-06")
BUDGET = (1100, 1100, 1600, 1300, 1200, 1000)
KPIS = {
    "notorieta": Kpi((0.56, 0.56, 0.57, 0.57, 0.58, 0.58), response=1.01, scatter=0.02, digits=3),
    "nps": Kpi((32, 32, 33, 34, 35, 36), response=1.06, scatter=0.06),
    "clienti-che-tornano": Kpi((0.42, 0.42, 0.43, 0.43, 0.44, 0.44), response=0.97, scatter=0.03, digits=3),
    "ordini": Kpi((500, 500, 640, 620, 540, 480), response=1.06, spend=BUDGET, spending=0.92, scatter=0.04),
    "ricavi": Kpi((12500, 12500, 16000, 15500, 13500, 12000), response=1.04, spend=BUDGET, spending=0.92, scatter=0.05),
    "richieste-aziende": Kpi((14, 14, 18, 16, 15, 14), response=0.88, scatter=0.12),
    "abbonati": Kpi((360, 370, 380, 390, 400, 410), response=0.98, scatter=0.02),
}

COMPARISONS = Comparisons(
    weights={"costo": 4, "raggiunge-il-quartiere": 3, "tempo-richiesto": 2, "si-misura": 1},
    slips={("costo", "raggiunge-il-quartiere"): 1, ("tempo-richiesto", "si-misura"): 3},
)

FORNO_AURORA = Company(
    plan="forno-aurora",
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
