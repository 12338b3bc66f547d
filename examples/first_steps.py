"""Score the Kazakhstan profile, change a choice, and follow a number down to its facts."""

import softpower

profile = softpower.load_profile("kazakhstan")
result = softpower.score(profile)
print(result)

# What would a mean say that does not let a strength pay for a weakness?
cautious = softpower.score(profile, methodology={"aggregate": "geometric"})
print(cautious.composite - result.composite)

# Which facts is the visa indicator made of, and where do they stand?
print(result.explain(node="visa_openness"))
