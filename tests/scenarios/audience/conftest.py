"""A sealed register, and a case with everything private that there can be."""

from __future__ import annotations

from tests.support.audiences import assessed, case, referred, register, relief, sealing, stages, without_key

__all__ = ["assessed", "case", "referred", "register", "relief", "sealing", "stages", "without_key"]
