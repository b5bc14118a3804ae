"""The nouns: Case, Assessment, Action, Hearing, Consent … frozen, built from plain dicts.

Built only from records whose shape the schema has passed. Fields and codes are those of `schemas/`;
dates stay text, for a partial date has no `date`.
"""

from solidarity_cli.core.model.action import Action, Disclosure, Organisation, Referral
from solidarity_cli.core.model.case import (
    Approval,
    Assessment,
    Case,
    Closure,
    Consent,
    Deadline,
    Erasure,
    Hearing,
    Incident,
    Link,
    Note,
    Plain,
    Subject,
)
from solidarity_cli.core.model.codes import MISSION_TYPES, PUBLIC_TYPES, Answer, ConsentAnswer, Decision, Status
from solidarity_cli.core.model.recipients import RECOVERY, Recipient, Recipients, Retired
from solidarity_cli.core.model.settings import Charter

__all__ = [
    "MISSION_TYPES",
    "PUBLIC_TYPES",
    "RECOVERY",
    "Action",
    "Answer",
    "Approval",
    "Assessment",
    "Case",
    "Charter",
    "Closure",
    "Consent",
    "ConsentAnswer",
    "Deadline",
    "Decision",
    "Disclosure",
    "Erasure",
    "Hearing",
    "Incident",
    "Link",
    "Note",
    "Organisation",
    "Plain",
    "Recipient",
    "Recipients",
    "Referral",
    "Retired",
    "Status",
    "Subject",
]
