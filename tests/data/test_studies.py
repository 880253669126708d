"""The synthetic studies: the files are what the generator draws, and simple estimates give the true values back.

Shares are held to 3.5 standard errors: the draw is fixed, so a test that passes once passes always.
"""

import math
import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from scipy.optimize import minimize
from scipy.special import betaln, gammaln

from data.generate import studies
from data.studies.adaptive_test import ADAPTIVE_TEST
from data.studies.channels import weekly_means
from data.studies.forno_aurora import FORNO_AURORA

DATA = Path(__file__).resolve().parents[2] / "data"
TABLES = DATA / "samples" / "tables"
COMPANIES = {company.plan: company for company in (ADAPTIVE_TEST, FORNO_AURORA)}

# The columns each analysis reads, in the order of its contract; leads have no analysis of their own.
COLUMNS = {
    "needs": "respondent segment need importance satisfaction",
    "kano": "respondent feature functional dysfunctional",
    "maxdiff": "respondent task item shown best worst",
    "turf": "respondent item reached",
    "prices": "respondent too_cheap cheap expensive too_expensive buy_at_cheap buy_at_expensive",
    "ladder": "respondent price would_buy",
    "choices": "respondent task alternative chosen tests analysis contract support price",
    "nps": "respondent score segment",
    "reviews": "text rating date source segment",
    "brands": "brand attribute count",
    "awareness": "respondent unprompted prompted",
    "purchases": "customer date amount segment",
    "cohorts": "cohort period customers",
    "usage": "customer segment feature month uses",
    "habits": "respondent",
    "weekly": "period channel spend outcome trend season events",
    "leads": "lead date source region segment first_response attempts stage deal",
    "page-clicks": "variant users conversions",
    "page-conversions": "variant users conversions",
    "page-time": "variant users mean sd",
    "kpis": "kpi period target actual spend_target spend_actual",
    "criteria": "criterion_a criterion_b value",
}
OWN_COLUMNS = {
    "forno-aurora-prices": "respondent too_cheap cheap expensive too_expensive weight buy_at_cheap buy_at_expensive",
    "forno-aurora-choices": "respondent task alternative chosen confezione ingredienti consegna prezzo",
}

pytestmark = pytest.mark.filterwarnings("error")
each_company = pytest.mark.parametrize("company", COMPANIES.values(), ids=COMPANIES)


def file_of(plan: str, study: str) -> Path:
    return TABLES / ("needs-survey.csv" if (plan, study) == ("adaptive-test", "needs") else f"{plan}-{study}.csv")


def table_of(company, study: str) -> pd.DataFrame:
    return pd.read_csv(file_of(company.plan, study), dtype={"cohort": str})


def error(share: float, n: float) -> float:
    """3.5 standard errors of a share of ``n`` answers, taken as at least 1 % where the normal curve no longer fits."""
    return 3.5 * math.sqrt(max(share * (1 - share), 0.01) / n)


def test_the_generator_writes_the_files_byte_for_byte():
    drawn = studies()
    for name, table in drawn.items():
        assert (TABLES / name).read_bytes() == table.to_csv(index=False, lineterminator="\n").encode("utf-8"), name
    ours = {path.name for plan in COMPANIES for path in TABLES.glob(f"{plan}-*.csv")} | {"needs-survey.csv"}
    assert set(drawn) == ours
    assert sum((TABLES / name).stat().st_size for name in drawn) < 3_000_000


@each_company
@pytest.mark.parametrize("study", COLUMNS)
def test_a_study_has_the_columns_its_analysis_reads(company, study):
    expected = OWN_COLUMNS.get(f"{company.plan}-{study}", COLUMNS[study]).split()
    if study == "habits":  # the questions are each company's own
        expected += [name for part in next(iter(company.habits.kinds.values()))[1:] for name in part]
    assert list(table_of(company, study).columns) == expected


@each_company
@pytest.mark.parametrize("study", COLUMNS)
def test_the_readme_calls_every_study_synthetic_and_counts_its_rows(company, study):
    readme = (DATA / "README.md").read_text("utf-8")
    (line,) = (line for line in readme.splitlines() if line.startswith(f"| `{study}` |"))
    assert "synthetic" in line.lower()
    rows = [int(number.replace(",", "")) for number in re.findall(r"\| ([\d,]+) \+ ([\d,]+) \|", line)[0]]
    assert rows[list(COMPANIES).index(company.plan)] == len(table_of(company, study))


def test_the_studies_of_the_sample_plan_use_its_ids():
    plan = yaml.safe_load((DATA / "samples" / "adaptive-test.yaml").read_text("utf-8"))
    truth = ADAPTIVE_TEST
    assert set(truth.needs.top_two["enterprise"]) == set(plan["needs"])
    assert set(truth.mix.channels) == set(plan["channels"])
    assert set(truth.arrivals.sources) == set(plan["channels"]) | {truth.arrivals.other_source}
    assert list(truth.comparisons.weights) == list(plan["criteria"])
    for named in (truth.recommend.segments, truth.purchases.leanings, truth.feedback.segments):
        assert set(named) == set(plan["segments"])
    for segments in (truth.usage.accounts, truth.arrivals.deals):
        assert set(segments) <= set(plan["segments"])


def test_the_true_curves_lie_within_the_estimates_of_the_sample_plan():
    plan = yaml.safe_load((DATA / "samples" / "adaptive-test.yaml").read_text("utf-8"))
    for curve in plan["curves"].values():
        channel, estimate = ADAPTIVE_TEST.mix.channels[curve["channel"]], curve["estimate"]
        assert estimate["low"] <= channel.customers(estimate["spend"]) <= estimate["high"]
        assert channel.customers(estimate["spend"]) == pytest.approx(estimate["likely"], rel=0.1)
        assert channel.maximum == pytest.approx(curve["ceiling"], rel=0.15)
        assert channel.spend == curve["last_spend"]


def test_the_true_values_of_the_sample_plan_agree_with_its_segments():
    plan = yaml.safe_load((DATA / "samples" / "adaptive-test.yaml").read_text("utf-8"))
    enterprise = plan["segments"]["enterprise"]
    assert 1 - ADAPTIVE_TEST.subscriptions.survival(1) == pytest.approx(enterprise["churn"])
    left = table_of(ADAPTIVE_TEST, "cohorts").groupby("cohort")["customers"].last().sum()
    assert left == pytest.approx(enterprise["customers"], rel=0.05)
    for segment, deal in ADAPTIVE_TEST.arrivals.deals.items():
        assert deal == plan["segments"][segment]["contract_value"]


@each_company
def test_needs_give_back_their_top_two_shares(company):
    table = table_of(company, "needs")
    assert table[["importance", "satisfaction"]].isin(range(1, 11)).all().all()
    for (segment, need), rows in table.groupby(["segment", "need"]):
        assert len(rows) == company.needs.respondents[segment]
        for column, share in zip(["importance", "satisfaction"], company.needs.top_two[segment][need], strict=True):
            assert (rows[column] >= 9).mean() == pytest.approx(share, abs=error(share, len(rows)))


def kano_category(functional: int, dysfunctional: int) -> str:
    """Evaluation table of Kano et al.; rows functional, columns dysfunctional."""
    return ["QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ"][functional - 1][dysfunctional - 1]


@each_company
def test_kano_gives_back_the_shares_of_the_categories(company):
    table = table_of(company, "kano")
    category = [kano_category(*pair) for pair in table[["functional", "dysfunctional"]].itertuples(index=False)]
    for feature, counts in table.assign(category=category).groupby("feature")["category"]:
        for name, share in company.kano.shares[feature].items():
            assert (counts == name).mean() == pytest.approx(share, abs=error(share, len(counts)))


@each_company
def test_best_worst_choices_give_back_the_shares_of_the_items(company):
    table, truth = table_of(company, "maxdiff"), company.maxdiff
    tasks = table.groupby(["respondent", "task"])
    assert (tasks[["shown", "best", "worst"]].sum() == [truth.shown, 1, 1]).all().all()
    assert not (table["best"] & table["worst"]).any()
    assert table["item"].value_counts().nunique() == 1
    items = list(truth.utilities)
    place = table["item"].map(items.index).to_numpy().reshape(-1, truth.shown)
    best = table["best"].to_numpy().reshape(-1, truth.shown).astype(bool)

    def unlikelihood(utilities: np.ndarray) -> float:
        shown = utilities[place]
        return np.log(np.exp(shown).sum(axis=1)).sum() - shown[best].sum() + 1e-6 * utilities @ utilities

    found = np.exp(minimize(unlikelihood, np.zeros(len(items)), method="BFGS").x)
    assert found / found.sum() == pytest.approx(list(truth.shares.values()), abs=0.05)
    assert [items[i] for i in np.argsort(-found)[:2]] == items[:2]


@each_company
def test_reach_is_true_of_single_items_and_of_sets(company):
    reached = table_of(company, "turf").pivot(index="respondent", columns="item", values="reached")
    for size in (1, 2, 3):
        for items in combinations(reached.columns, size):
            true = company.turf.reach(items)
            assert reached[list(items)].any(axis=1).mean() == pytest.approx(true, abs=error(true, len(reached)))


@each_company
def test_four_prices_give_back_their_medians_and_crossings(company):
    table, truth = table_of(company, "prices"), company.price_limits
    limits = table[["too_cheap", "cheap", "expensive", "too_expensive"]]
    ordered = limits[(limits.diff(axis=1).iloc[:, 1:] > 0).all(axis=1)]
    assert 1 - len(ordered) / len(limits) == pytest.approx(truth.careless, abs=error(truth.careless, len(limits)))
    for name in limits:
        # A median of n log-normal answers strays by 1.25 spread / sqrt(n).
        stray = 3.5 * 1.25 * math.hypot(truth.spread, truth.scatter) / math.sqrt(len(ordered))
        assert math.log(ordered[name].median() / getattr(truth, name)) == pytest.approx(0, abs=stray)
    for name, (falling, rising) in {"opp": ("too_cheap", "too_expensive"), "idp": ("cheap", "expensive")}.items():
        prices = np.unique(ordered.to_numpy())
        above = (ordered[falling].to_numpy()[:, None] > prices).mean(axis=0)
        below = (ordered[rising].to_numpy()[:, None] <= prices).mean(axis=0)
        assert prices[np.argmax(above <= below)] == pytest.approx(truth.crossings[name], rel=0.1)
    assert table["buy_at_cheap"].mean() > table["buy_at_expensive"].mean()


@each_company
def test_the_price_ladder_gives_back_the_share_that_buys(company):
    table = table_of(company, "ladder")
    bought = table.pivot(index="respondent", columns="price", values="would_buy")
    assert (bought.diff(axis=1).iloc[:, 1:] <= 0).all().all()
    for price, answers in bought.items():
        share = company.ladder.share(price)
        assert answers.mean() == pytest.approx(share, abs=error(share, len(bought)))
    assert company.ladder.best_price not in (company.ladder.prices[0], company.ladder.prices[-1])


@each_company
def test_a_conditional_logit_gives_back_the_utilities(company):
    table, truth = table_of(company, "choices"), company.choices
    first = table.iloc[0]
    names, true, columns = [], [], []
    for attribute, utilities in truth.levels.items():
        reference, *others = utilities
        assert first[attribute] == reference
        for level in others:
            names.append(level)
            true.append(utilities[level])
            columns.append((table[attribute] == level).to_numpy(dtype=float))
    scale = max(truth.prices)
    x = np.column_stack([*columns, table[truth.price] / scale]).reshape(-1, truth.alternatives, len(names) + 1)
    chosen = table["chosen"].to_numpy().reshape(-1, truth.alternatives)
    assert (chosen.sum(axis=1) == 1).all()

    def unlikelihood(beta: np.ndarray) -> tuple[float, np.ndarray]:
        chances = np.exp(x @ beta)
        chances /= chances.sum(axis=1, keepdims=True)
        return -np.log((chances * chosen).sum(axis=1)).sum(), np.einsum("ta,tak->k", chances - chosen, x)

    fit = minimize(unlikelihood, np.zeros(x.shape[2]), jac=True, method="BFGS", options={"gtol": 1e-3}).x
    chances = np.exp(x @ fit)
    chances /= chances.sum(axis=1, keepdims=True)
    mean = np.einsum("ta,tak->tk", chances, x)
    spread = np.linalg.inv(np.einsum("ta,taj,tak->jk", chances, x, x) - mean.T @ mean)
    assert (np.abs(fit - [*true, truth.per_euro * scale]) < 3.5 * np.sqrt(np.diag(spread))).all()
    for place, name in enumerate(names):
        worth = -fit[place] / fit[-1] * scale
        # Delta method: how the worth moves with the level's utility and with the price's.
        slope = np.zeros(len(fit))
        slope[[place, -1]] = -scale / fit[-1], -worth / fit[-1]
        assert worth == pytest.approx(truth.willingness_to_pay[name], abs=3.5 * math.sqrt(slope @ spread @ slope))


@each_company
def test_recommendation_gives_back_the_shares_of_each_segment(company):
    table, truth = table_of(company, "nps"), company.recommend
    for segment, scores in table.groupby("segment")["score"]:
        number, promoters, _, detractors = truth.segments[segment]
        assert len(scores) == number
        assert (scores >= 9).mean() == pytest.approx(promoters, abs=error(promoters, number))
        assert (scores <= 6).mean() == pytest.approx(detractors, abs=error(detractors, number))
    nps = 100 * ((table["score"] >= 9).mean() - (table["score"] <= 6).mean())
    assert nps == pytest.approx(truth.nps, abs=350 * math.sqrt(0.65 / len(table)))


@each_company
def test_awareness_gives_back_its_shares_and_asks_nobody_twice(company):
    table, truth = table_of(company, "awareness"), company.awareness
    assert not (table["unprompted"] & table["prompted"]).any()
    for column in ("unprompted", "prompted"):
        share = getattr(truth, column)
        assert table[column].mean() == pytest.approx(share, abs=error(share, len(table)))


@each_company
def test_brands_give_back_their_associations(company):
    for brand, attribute, count in table_of(company, "brands").itertuples(index=False):
        share, number = company.associations.chances[brand][attribute], company.associations.respondents
        assert count / number == pytest.approx(share, abs=error(share, number))


@each_company
def test_reviews_speak_of_their_themes_as_often_as_they_should(company):
    table, truth = table_of(company, "reviews"), company.feedback
    text = table["text"].str.lower()
    assert not text.duplicated().any()
    assert not text.str.contains(r"[{}]").any()
    for name, share in truth.mentions.items():
        speaks = text.str.contains("|".join(word.lower() for word in truth.themes[name].words))
        assert speaks.mean() == pytest.approx(share, abs=error(share, len(table)))
    assert table["rating"].mean() == pytest.approx(truth.rating, abs=3.5 * 1.4 / math.sqrt(len(table)))


@each_company
def test_the_words_of_a_theme_are_in_all_its_sentences_and_in_no_others(company):
    truth = company.feedback
    assert sum(theme.share for theme in truth.themes.values()) == pytest.approx(1)
    slots = [word for words in truth.slots.values() for word in words]
    for name, theme in truth.themes.items():
        assert sum(theme.stars) == pytest.approx(1)
        strange = [sentence for other, its in truth.themes.items() if other != name for sentence in its.sentences]
        for sentence in theme.sentences:
            assert any(word.lower() in sentence.lower() for word in theme.words), sentence
        for sentence in (*strange, *slots, *truth.openings, *truth.closings):
            assert not any(word.lower() in sentence.lower() for word in theme.words), sentence


def test_each_company_is_reviewed_in_its_own_language():
    english, italian = (" ".join(table_of(company, "reviews")["text"]) for company in COMPANIES.values())
    assert len(re.findall(r"\b(the|and|our)\b", english)) > 300
    assert len(re.findall(r"\b(il|che|una)\b", italian)) > 300
    assert not re.search(r"\b(the|and)\b", italian)


def histories(company) -> tuple[np.ndarray, np.ndarray, np.ndarray, pd.DataFrame]:
    """Repeat purchases, weeks to the last one, weeks to the end, of each customer."""
    table = table_of(company, "purchases")
    when = (pd.to_datetime(table["date"]) - pd.Timestamp(company.purchases.first_day)).dt.days / 7
    spans = when.groupby(table["customer"]).agg(["min", "max", "count"])
    x = spans["count"].to_numpy(dtype=float) - 1
    return x, (spans["max"] - spans["min"]).to_numpy(), company.purchases.weeks - spans["min"].to_numpy(), table


@each_company
def test_purchases_are_as_many_as_bg_nbd_expects(company):
    x, _, age, table = histories(company)
    assert len(x) == company.purchases.customers
    assert (table.groupby("customer")["segment"].nunique() == 1).all()
    assert x.mean() == pytest.approx(
        company.purchases.repeat_purchases(age).mean(), abs=3.5 * x.std() / math.sqrt(len(x))
    )


@each_company
def test_the_true_bg_nbd_values_are_about_as_likely_as_the_fitted_ones(company):
    x, t_x, age, _ = histories(company)
    truth = company.purchases

    def unlikelihood(logs: np.ndarray) -> float:
        # Fader, Hardie & Lee (2005), equation 6.
        r, alpha, a, b = np.exp(logs)
        lived = betaln(a, b + x) - betaln(a, b) - (r + x) * np.log(alpha + age)
        left = betaln(a + 1, b + x - 1) - betaln(a, b) - (r + x) * np.log(alpha + t_x)
        each = np.where(x > 0, np.logaddexp(lived, np.where(x > 0, left, -np.inf)), lived)
        return -(gammaln(r + x) - gammaln(r) + r * np.log(alpha) + each).sum()

    true = np.log([truth.r, truth.alpha, truth.a, truth.b])
    with np.errstate(all="ignore"):
        fitted = minimize(unlikelihood, true, method="Nelder-Mead", options={"maxiter": 500, "fatol": 0.01})
        # Twice the difference is chi-squared with 4 degrees of freedom: 18.5 at one in a thousand.
        assert 2 * (unlikelihood(true) - fitted.fun) < 18.5


@each_company
def test_amounts_are_as_gamma_gamma_says_and_do_not_depend_on_how_often(company):
    table, truth = table_of(company, "purchases"), company.purchases
    amounts = table.groupby("customer")["amount"].agg(["mean", "count"])
    spread = 3.5 * amounts["mean"].std() / math.sqrt(len(amounts))
    assert amounts["mean"].mean() == pytest.approx(truth.mean_amount, abs=spread)
    assert abs(np.corrcoef(np.log(amounts["mean"]), amounts["count"])[0, 1]) < 0.15
    assert table.groupby("segment")["amount"].mean().max() > 1.25 * table["amount"].mean()


@each_company
def test_cohorts_shrink_as_the_shifted_beta_geometric_says(company):
    table, truth = table_of(company, "cohorts"), company.subscriptions
    wide = table.pivot(index="cohort", columns="period", values="customers")
    assert wide[0].astype(int).to_dict() == dict(truth.cohorts)
    for period in range(1, truth.periods + 1):
        seen = wide[wide[period].notna()]
        survival = truth.survival(period)
        number = seen[0].sum()
        assert seen[period].sum() / number == pytest.approx(survival, abs=error(survival, number))
    rates = [truth.survival(period + 1) / truth.survival(period) for period in range(truth.periods)]
    assert rates == sorted(rates)


@each_company
def test_usage_gives_back_who_uses_what_and_how_often(company):
    table, truth = table_of(company, "usage"), company.usage
    for feature, figures in truth.features.items():
        for segment, (share, mean) in figures.items():
            uses = table[(table["feature"] == feature) & (table["segment"] == segment)].groupby("customer")["uses"]
            number = truth.accounts[segment]
            assert uses.ngroups / number == pytest.approx(share, abs=error(share, number))
            if uses.ngroups >= 10:
                # Between accounts the level has the variance (mean - 1)^2 / 2.
                stray = 3.5 * math.hypot((mean - 1) / math.sqrt(2), math.sqrt(mean / 6)) / math.sqrt(uses.ngroups)
                assert uses.mean().mean() == pytest.approx(mean, abs=stray)


@each_company
def test_habits_give_back_the_chances_of_each_kind(company):
    table, truth = table_of(company, "habits"), company.habits
    assert sum(share for share, *_ in truth.kinds.values()) == pytest.approx(1)
    for question in next(iter(truth.kinds.values()))[1]:
        chance = sum(share * chances[question] for share, chances, _means in truth.kinds.values())
        assert (table[question] == truth.words[0]).mean() == pytest.approx(chance, abs=error(chance, len(table)))
    for name in next(iter(truth.kinds.values()))[2]:
        mean = sum(share * means[name] for share, _chances, means in truth.kinds.values())
        assert table[name].mean() == pytest.approx(mean, abs=3.5 * table[name].std() / math.sqrt(len(table)))


@each_company
def test_the_weekly_outcome_follows_what_the_channels_truly_bring(company):
    table = table_of(company, "weekly")
    weeks = table.drop_duplicates("period")
    assert (table.groupby("period")["outcome"].nunique() == 1).all()
    assert len(weeks) == company.mix.weeks == 104
    means = weekly_means(company.mix, table)
    outcome = weeks["outcome"].to_numpy(dtype=float)
    assert np.corrcoef(means.sum(axis=1), outcome)[0, 1] > 0.75
    # Poisson: squared distances over the mean come to about one a week (3.5 standard errors of a chi-squared).
    distance = ((outcome - means.sum(axis=1)) ** 2 / means.sum(axis=1)).mean()
    assert distance == pytest.approx(1, abs=3.5 * math.sqrt(2 / 104))
    # A regression on the true base and the true sum of the channels finds 1 for both, give or take 3.5 errors.
    x = np.column_stack([means["base"], means.drop(columns="base").sum(axis=1)])
    weight = 1 / np.sqrt(means.sum(axis=1).to_numpy())[:, None]
    found = np.linalg.lstsq(x * weight, outcome * weight[:, 0])[0]
    assert np.abs((found - 1) / np.sqrt(np.diag(np.linalg.inv((x * weight).T @ (x * weight))))).max() < 3.5


@each_company
def test_a_channel_spent_what_it_should_and_carries_over(company):
    table = table_of(company, "weekly")
    for name, channel in company.mix.channels.items():
        spend = table[table["channel"] == name]["spend"].to_numpy()
        assert (spend >= 0).all()
        assert spend[-52:].sum() == channel.spend
        assert (spend[: channel.start] == 0).all()
        even = channel.weekly_outcome(np.full(500, channel.spend / 52))
        assert even[-1] * 52 * channel.close_rate == pytest.approx(channel.customers(channel.spend))
        assert channel.customers(channel.half_spend) == pytest.approx(channel.maximum / 2)


def test_the_leads_are_those_the_weekly_table_counts():
    weeks = table_of(ADAPTIVE_TEST, "weekly").drop_duplicates("period").set_index("period")["outcome"].tail(52)
    leads = table_of(ADAPTIVE_TEST, "leads")
    days = pd.to_datetime(leads["date"])
    mondays = (days - pd.to_timedelta(days.dt.day_of_week, unit="D")).dt.strftime("%Y-%m-%d")
    assert mondays.value_counts().to_dict() == weeks.to_dict()


@each_company
def test_leads_give_back_close_rates_answer_times_and_deals(company):
    table, truth = table_of(company, "leads"), company.arrivals
    won = table["stage"] == truth.stages[-1]
    expected = table["source"].map({name: source.close_rate for name, source in truth.sources.items()})
    assert won.sum() == pytest.approx(expected.sum(), abs=3.5 * math.sqrt((expected * (1 - expected)).sum()))
    unanswered = table["first_response"].isna()
    assert unanswered.mean() == pytest.approx(truth.never, abs=error(truth.never, len(table)))
    assert not won[unanswered].any()
    assert (table.loc[unanswered, "attempts"] == 0).all()
    stray = 3.5 * 1.25 * truth.spread / math.sqrt(len(table))
    assert math.log(table["first_response"].median() / truth.median_hours) == pytest.approx(0, abs=stray)
    in_time = (table["first_response"][~unanswered] <= 24).mean()
    assert in_time == pytest.approx(truth.answered_in_time, abs=error(truth.answered_in_time, (~unanswered).sum()))
    assert table["deal"].notna().equals(table["stage"].isin(truth.stages[3:]))
    for segment, deals in table[table["deal"].notna()].groupby("segment")["deal"]:
        stray = 3.5 * 0.42 * truth.deals[segment] / math.sqrt(len(deals))
        assert deals.mean() == pytest.approx(truth.deals[segment], abs=stray + 50)


@each_company
def test_page_tests_give_back_their_rates_and_times(company):
    clicks, conversions, times = (table_of(company, f"page-{what}") for what in ("clicks", "conversions", "time"))
    assert clicks["users"].sum() == company.pages.users
    assert (conversions["conversions"] <= clicks["conversions"]).all()
    for place, (name, page) in enumerate(company.pages.variants.items()):
        users = clicks.loc[place, "users"]
        assert list(clicks["variant"])[place] == name
        for table, rate in ((clicks, page.clicks), (conversions, page.conversions)):
            tolerance = 3.5 * math.sqrt(rate / users)
            assert table.loc[place, "conversions"] / users == pytest.approx(rate, abs=tolerance)
        assert times.loc[place, "mean"] == pytest.approx(page.seconds, abs=3.5 * page.deviation / math.sqrt(users))
        assert times.loc[place, "sd"] == pytest.approx(page.deviation, rel=0.1)


@each_company
def test_kpis_give_back_how_spend_and_response_went(company):
    table = table_of(company, "kpis")
    for name, rows in table.groupby("kpi"):
        kpi, number = company.kpis[name], len(company.kpi_months)
        assert list(rows["period"]) == list(company.kpi_months)
        assert rows["spend_target"].notna().all() == bool(kpi.spend)
        ratio = np.ones(number)
        if kpi.spend:
            ratio = (rows["spend_actual"] / rows["spend_target"]).to_numpy()
            assert ratio.mean() == pytest.approx(kpi.spending, abs=3.5 * 0.03 / math.sqrt(number))
        rounding = 0.5 * 10**-kpi.digits / np.mean(kpi.targets)
        response = (rows["actual"] / rows["target"] / ratio).mean()
        assert response == pytest.approx(kpi.response, abs=3.5 * kpi.scatter / math.sqrt(number) + rounding)


@each_company
def test_comparisons_give_back_the_weights_and_are_consistent(company):
    truth = company.comparisons
    names = list(truth.weights)
    matrix = np.eye(len(names))
    for a, b, value in table_of(company, "criteria").itertuples(index=False):
        matrix[names.index(a), names.index(b)], matrix[names.index(b), names.index(a)] = value, 1 / value
    values, vectors = np.linalg.eig(matrix)
    first = np.argmax(values.real)
    weights = np.abs(vectors[:, first].real)
    assert weights / weights.sum() == pytest.approx(
        np.array(list(truth.weights.values())) / sum(truth.weights.values()), abs=0.08
    )
    # Saaty's random index for 4 and 5 criteria.
    inconsistency = (values[first].real - len(names)) / (len(names) - 1) / {4: 0.90, 5: 1.12}[len(names)]
    assert 0 < inconsistency < 0.10
