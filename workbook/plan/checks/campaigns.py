"""Step 9: campaigns against what was decided upstream, their messages, and the notices before a launch."""

from collections.abc import Iterator
from datetime import date

from workbook.language import N_, date_words, listed, money, month_words, number
from workbook.plan.checks.points import Point, Rule, fault, gap, missing
from workbook.plan.launch import goes_out
from workbook.plan.margins import margin_floor
from workbook.plan.model import (
    Advantage,
    Audience,
    Campaign,
    Channel,
    Consent,
    Message,
    Need,
    Notice,
    NoticeAudience,
    Offer,
    Plan,
    Programme,
    Release,
    Status,
)

__all__ = ["FAULTS", "GAPS"]

IN_PERSON = {"account-based-marketing", "email", "outbound-leads", "phone-calls", "retargeting"}
"""Tactics that reach people by their address, number or trail, and so only with their consent."""


def _dates(plan: Plan) -> Iterator[Point]:
    for campaign in plan.campaigns:
        if campaign.start and campaign.end and campaign.end < campaign.start:
            yield fault(
                f"/campaigns/{campaign.id}/end",
                N_("“{campaign}” ends on {end}, before its first day, {start}. Move one of the two."),
                campaign=campaign.label,
                end=date_words(campaign.end),
                start=date_words(campaign.start),
            )


def _campaigns(plan: Plan) -> Iterator[Point]:
    if not plan.campaigns:
        yield gap("/campaigns", N_("add a campaign: one segment, one challenge, one advantage."))
    with_message = {message.campaign for message in plan.messages}
    for campaign in plan.campaigns:
        yield from missing(
            f"/campaigns/{campaign.id}",
            campaign,
            {
                "segment": N_("name the segment: who is it for?"),
                "challenge": N_("name the challenge it speaks of; without one it speaks of us."),
                "advantage": N_("name the advantage it promises; without one it promises nothing."),
                "release": N_("name the release it belongs to, so that it is not early."),
                "channels": N_("choose its channels."),
                "start": N_("date it; calendar and workload need that."),
                "owner": N_("name its owner."),
                "budget": N_("give it a budget, if only a small one."),
            },
        )
        if campaign.programme is Programme.ACCOUNT_BASED and not campaign.accounts:
            yield gap(
                f"/campaigns/{campaign.id}/accounts",
                N_("“{campaign}” goes to accounts by name, but names none. Add them, or choose another programme."),
                campaign=campaign.label,
            )
        if campaign.id not in with_message:
            yield gap("/messages", N_("say what “{campaign}” tells people."), campaign=campaign.label)
        yield from _against_upstream(campaign, plan)
        yield from _against_release(campaign, plan)
        yield from _against_period(campaign, plan)
        yield from _against_floor(campaign, plan)
        yield from _without_consent(campaign, plan)
    spent, total = sum(campaign.budget or 0 for campaign in plan.campaigns), plan.budget.total
    if total is not None and spent > total:
        yield gap(
            "/campaigns",
            N_("the campaigns ask for {found}, more than the budget of {total}. Cut one, or raise the budget."),
            found=money(spent, plan.charter.currency),
            total=money(total, plan.charter.currency),
        )


def _against_upstream(campaign: Campaign, plan: Plan) -> Iterator[Point]:
    path = f"/campaigns/{campaign.id}"
    challenge, advantage = plan.item(campaign.challenge), plan.item(campaign.advantage)
    if isinstance(challenge, Need):
        if campaign.segment and challenge.segment not in (None, campaign.segment):
            yield gap(
                f"{path}/challenge",
                N_("“{need}” is a need of {other}, not of {segment}. Choose one of theirs."),
                need=challenge.label,
                other=plan.name_of(challenge.segment),
                segment=plan.name_of(campaign.segment),
            )
        if isinstance(advantage, Advantage) and challenge.id not in advantage.needs:
            yield gap(
                f"{path}/advantage",
                N_("“{advantage}” does not answer “{need}”. Choose another, or say in step 4 that it does."),
                advantage=advantage.label,
                need=challenge.label,
            )
        offer = plan.item(campaign.offer)
        if isinstance(offer, Offer) and challenge.id not in offer.needs:
            yield gap(
                f"{path}/offer",
                N_("“{offer}” does not solve “{need}”. Choose another, or say in step 5 that it does."),
                offer=offer.label,
                need=challenge.label,
            )
    for ref in campaign.audiences:
        audience = plan.item(ref)
        if isinstance(audience, Audience) and campaign.segment and audience.segment not in (None, campaign.segment):
            yield gap(
                f"{path}/audiences",
                N_("“{audience}” is no part of {segment}. Choose an audience inside the segment."),
                audience=audience.label,
                segment=plan.name_of(campaign.segment),
            )


def _against_release(campaign: Campaign, plan: Plan) -> Iterator[Point]:
    release = plan.item(campaign.release)
    if isinstance(release, Release) and release.date and campaign.start and campaign.start < release.date:
        yield gap(
            f"/campaigns/{campaign.id}/start",
            N_(
                "“{campaign}” begins on {start}, before “{release}” on {date}: it promises what nobody can have. Move it."
            ),
            campaign=campaign.label,
            start=date_words(campaign.start),
            release=release.label,
            date=date_words(release.date),
        )


def _against_period(campaign: Campaign, plan: Plan) -> Iterator[Point]:
    period = plan.charter.period
    if period.start is None or campaign.start is None:
        return
    months = 12 * (campaign.start.year - period.start.year) + campaign.start.month - period.start.month
    if not 0 <= months < period.months:
        yield gap(
            f"/campaigns/{campaign.id}/start",
            N_(
                "“{campaign}” begins on {start}, outside the plan's {months} months from {first}: its budget belongs to another "
                "plan. Move it, or change the period in the charter."
            ),
            campaign=campaign.label,
            start=date_words(campaign.start),
            months=number(period.months),
            first=month_words(period.start),
        )


def _against_floor(campaign: Campaign, plan: Plan) -> Iterator[Point]:
    offer = plan.item(campaign.offer)
    floor = margin_floor(offer) if isinstance(offer, Offer) else None
    if not isinstance(offer, Offer) or floor is None or not offer.price or not campaign.discount:
        return
    left = offer.price * (1 - campaign.discount)
    # A price that is under the floor by itself is said where it stands, in step 5.
    if left < floor <= offer.price:
        yield gap(
            f"/campaigns/{campaign.id}/discount",
            N_(
                "“{campaign}” leaves {left} of the price, under the margin floor of {floor} for “{offer}”. Give less away."
            ),
            campaign=campaign.label,
            left=money(left, plan.charter.currency),
            floor=money(floor, plan.charter.currency),
            offer=offer.label,
        )


def _without_consent(campaign: Campaign, plan: Plan) -> Iterator[Point]:
    held = [channel for ref in campaign.channels if isinstance(channel := plan.item(ref), Channel)]
    in_person = [channel.label for channel in held if channel.tactic in IN_PERSON]
    for ref in campaign.audiences if in_person else ():
        audience = plan.item(ref)
        if isinstance(audience, Audience) and audience.consent is Consent.MISSING:
            yield gap(
                f"/campaigns/{campaign.id}/audiences",
                N_(
                    "“{audience}” have not agreed to hear from us, yet {channels} would reach them in person. Ask them first, "
                    "or choose another channel."
                ),
                audience=audience.label,
                channels=listed(in_person),
            )


def _messages(plan: Plan) -> Iterator[Point]:
    for message in plan.messages:
        yield from missing(
            f"/messages/{message.id}",
            message,
            {
                "campaign": N_("name the campaign it belongs to."),
                "stage": N_("name the stage of the journey it is for."),
                "advantage": N_("name the advantage it cites; without one it is a slogan."),
            },
        )
    for account in plan.accounts:
        yield from missing(
            f"/accounts/{account.id}",
            account,
            {
                "segment": N_("name the segment it belongs to."),
                "message": N_("write the message for this account; that is why it stands here by name."),
            },
        )


def _notices(plan: Plan) -> Iterator[Point]:
    told = {notice.release for notice in plan.notices}
    for release in plan.releases:
        if plan.campaigns and any(c.release == release.id for c in plan.campaigns) and release.id not in told:
            yield gap(
                "/notices",
                N_("say who is told of “{release}”, and how long before: customers, leads, partners, our own teams."),
                release=release.label,
            )
    for notice in plan.notices:
        path = f"/notices/{notice.id}"
        yield from missing(
            path,
            notice,
            {
                "release": N_("name the release it tells of."),
                "audience": N_("say who is told."),
                "owner": N_("name its owner."),
            },
        )
        if notice.date is None and notice.days_before is None:
            yield gap(f"{path}/days_before", N_("say how many days before the release it goes out."))
        yield from _consent(notice)
        told_of = plan.item(notice.release)
        if isinstance(told_of, Release) and told_of.date:
            yield from _notice_date(notice, told_of, told_of.date)
            yield from _announces(notice, told_of.date, plan)
        if isinstance(told_of, Release) and told_of.status is Status.STOPPED:
            yield gap(
                f"{path}/release",
                N_("“{notice}” tells of “{release}”, which was stopped. Take it out, or tell of another."),
                notice=notice.label,
                release=told_of.label,
            )
    yield from _own_teams_first(plan)
    yield from _customers_before_leads(plan)


def _notice_date(notice: Notice, release: Release, released: date) -> Iterator[Point]:
    path, values = f"/notices/{notice.id}/date", {"release": release.label, "date": date_words(released)}
    if notice.date and notice.date > released:
        yield gap(
            path,
            N_("“{notice}” goes out on {found}, after “{release}” on {date}. Send it before."),
            notice=notice.label,
            found=date_words(notice.date),
            **values,
        )
    elif notice.date and notice.days_before is None and notice.date < released:
        yield gap(
            f"/notices/{notice.id}/days_before",
            N_(
                "“{notice}” goes out on {found}, before “{release}” on {date}: people would look for what is not there yet. "
                "Enter {days} days before, if that is meant, or move it."
            ),
            notice=notice.label,
            found=date_words(notice.date),
            days=number((released - notice.date).days),
            **values,
        )
    elif notice.date and notice.days_before is not None and (released - notice.date).days != notice.days_before:
        yield gap(
            path,
            N_("{found} is not {days} days before “{release}” on {date}. Correct one, or leave the date empty."),
            found=date_words(notice.date),
            days=notice.days_before,
            **values,
        )


def _announces(notice: Notice, released: date, plan: Plan) -> Iterator[Point]:
    """A notice may carry the message of another release's campaign, and so promise what comes only later."""
    carried = plan.item(notice.message)
    campaign = plan.item(carried.campaign) if isinstance(carried, Message) else None
    other = plan.item(campaign.release) if isinstance(campaign, Campaign) else None
    if isinstance(other, Release) and other.id != notice.release and other.date and other.date > released:
        yield gap(
            f"/notices/{notice.id}/message",
            N_("its message speaks of “{other}”, which comes only on {date}. Choose another message, or that release."),
            other=other.label,
            date=date_words(other.date),
        )


def _consent(notice: Notice) -> Iterator[Point]:
    path = f"/notices/{notice.id}/consent"
    if notice.audience not in (NoticeAudience.CUSTOMERS, NoticeAudience.LEADS):
        return
    if notice.consent is None:
        yield gap(path, N_("say whether those told by “{notice}” have agreed to hear from us."), notice=notice.label)
    elif notice.consent is Consent.MISSING:
        yield gap(
            path,
            N_(
                "“{notice}” goes to people who have not agreed to it. Ask for their consent first, or tell them where nobody is "
                "addressed in person."
            ),
            notice=notice.label,
        )


def _own_teams_first(plan: Plan) -> Iterator[Point]:
    """Whoever answers customers' questions must know before they ask."""
    for release in plan.releases:
        days = {n.id: day for n in plan.notices if n.release == release.id and (day := goes_out(n, plan))}
        ours = [n for n in plan.notices if n.id in days and n.audience is NoticeAudience.INTERNAL]
        others = [day for n in plan.notices if (day := days.get(n.id)) and n.audience is not NoticeAudience.INTERNAL]
        for notice in ours:
            if others and days[notice.id] > min(others):
                yield gap(
                    f"/notices/{notice.id}/days_before",
                    N_("others hear of “{release}” on {first}, our own teams only on {found}. Tell them first."),
                    release=release.label,
                    first=date_words(min(others)),
                    found=date_words(days[notice.id]),
                )


def _customers_before_leads(plan: Plan) -> Iterator[Point]:
    """Whoever pays already should not hear of it later than somebody who might."""
    for release in plan.releases:
        told = [(n, day) for n in plan.notices if n.release == release.id and (day := goes_out(n, plan))]
        customers = [day for n, day in told if n.audience is NoticeAudience.CUSTOMERS]
        for notice, day in told:
            if notice.audience is NoticeAudience.LEADS and customers and day < min(customers):
                yield gap(
                    f"/notices/{notice.id}/days_before",
                    N_("leads hear of “{release}” on {found}, customers only on {first}. Tell customers first."),
                    release=release.label,
                    found=date_words(day),
                    first=date_words(min(customers)),
                )


FAULTS: tuple[Rule, ...] = (_dates,)
GAPS: tuple[Rule, ...] = (_campaigns, _messages, _notices)
