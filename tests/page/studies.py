"""Studies as a page has them: a score, and its draws where uncertainty is declared."""

from softpower import score, uncertainty_analysis
from softpower.page.tracing import Study


def drawn_study(profile, n=64, **uncertain):
    """Return the study of a profile, drawn with what is uncertain, or with what it declares."""
    profile = profile.replace(uncertainty=uncertain) if uncertain else profile
    declared = profile.uncertainty.declared
    return Study(score(profile), uncertainty_analysis(profile, n=n) if declared else None)
