"""An own act taken back by a new one: which it is, whether anybody built on it, and the plan that reverses it.

Every file becomes the very blob that it was before, tokens and all: nothing is sealed again, so no key is needed.
"""

from solidarity_cli.register.undo.plan import Undoing, undoing

__all__ = ["Undoing", "undoing"]
