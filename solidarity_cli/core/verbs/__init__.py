"""What can be done: each verb takes values, the day among them, and answers with edits or with a new record."""

from solidarity_cli.core.titles import title
from solidarity_cli.core.verbs.assess import approve, assess
from solidarity_cli.core.verbs.consent import already_public, already_shared, consent, withdraw_consent
from solidarity_cli.core.verbs.edit import edit, protected_changes
from solidarity_cli.core.verbs.erase import Destruction, destruction, erase
from solidarity_cli.core.verbs.hearing import end_hearing, hearing, postpone_hearing
from solidarity_cli.core.verbs.link_action import link_action, link_to_action, update_action
from solidarity_cli.core.verbs.new_case import new_case, new_title
from solidarity_cli.core.verbs.note import note
from solidarity_cli.core.verbs.set_status import set_status
from solidarity_cli.core.verbs.share import referral_to, share

__all__ = [
    "Destruction",
    "already_public",
    "already_shared",
    "approve",
    "assess",
    "consent",
    "destruction",
    "edit",
    "end_hearing",
    "erase",
    "hearing",
    "link_action",
    "link_to_action",
    "new_case",
    "new_title",
    "note",
    "postpone_hearing",
    "protected_changes",
    "referral_to",
    "set_status",
    "share",
    "title",
    "update_action",
    "withdraw_consent",
]
