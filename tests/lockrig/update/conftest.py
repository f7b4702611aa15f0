"""As where units get their keys."""

from tests.lockrig.provision.conftest import keys, quick

__all__ = ["keys", "quick"]
