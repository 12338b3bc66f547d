"""The only reader of specs, profiles and observations; it finds what ships with the library."""

from softpower.catalogue.loading import load_framework, load_profile
from softpower.catalogue.shipping import framework_names, profile_names, template

__all__ = ["framework_names", "load_framework", "load_profile", "profile_names", "template"]
