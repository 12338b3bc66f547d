"""Pictures of results: each takes ``ax=``, returns it, and shows nothing by itself.

``ax.figure.savefig("profile.png")`` writes one.
"""
