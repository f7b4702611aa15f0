"""As where units get their keys."""

from tests.lockrig.provision.conftest import quick

__all__ = ["quick"]
