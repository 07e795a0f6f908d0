"""The rules of a policy as they are published: its clauses, and how awards are made, which is a setting and no clause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from optimizer.language.text import Text
from optimizer.policy.awarding import AWARDING, award_sentence

if TYPE_CHECKING:
    from optimizer.clauses import Clause
    from optimizer.policy.policy import Policy

AWARD = "award"  # the kind, and the name, of the rule on amounts


@dataclass(frozen=True)
class PublishedRule:
    """One rule in words: its kind, the name that results use, its title, its sentence, its section of the plan."""

    kind: str
    label: str
    title: Text
    sentence: Text
    reference: str


def published_rules(policy: Policy) -> tuple[PublishedRule, ...]:
    """Return the screens and constraints in the policy's order, and last how awards are made."""
    settings = policy.settings
    awards = PublishedRule(
        AWARD,
        AWARD,
        title=AWARDING,
        sentence=award_sentence(settings),
        reference=settings.award.reference,
    )
    return (*map(published, policy.clauses), awards)


def published(rule: Clause) -> PublishedRule:
    """Return a rule in words."""
    return PublishedRule(
        rule.kind,
        rule.label,
        title=rule.spoken,
        sentence=rule.sentence(),
        reference=rule.reference,
    )
