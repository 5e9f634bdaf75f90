"""No clock on a wall decides a test: what is slow is measured by ``bench``, beside its peers."""

from hypothesis import settings

settings.register_profile("house", deadline=None)
settings.load_profile("house")
