"""A profile as one page of HTML that can be handed over, printed and questioned."""
