"""A page as a file: what stands in it, and what is written into it to break it."""

import re
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "img", "hr", "input", "path", "use"}
HOSTILE = (
    "</td></summary></style></title>]]><script>window.broken=1</script><img src=x onerror='window.broken=2'>"
    '{{7*7}}{% raw %}&lt;<!-- & " \u200f\u202eedart'
)


class Document(HTMLParser):
    """What stands in a page: its elements, its texts, and which of its tags do not match."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.texts, self.unmatched, self._open = [], [], [], []
        self.feed(text)
        self.close()
        self.unmatched += self._open

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if self._open and self._open[-1] == tag:
            self._open.pop()
        else:
            self.unmatched.append(f"/{tag}")

    def handle_data(self, data):
        self.texts.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def text(self):
        return "".join(self.texts)

    @property
    def ids(self):
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]

    @property
    def headings(self):
        return [int(tag[1]) for tag, _ in self.elements if re.fullmatch(r"h[1-6]", tag)]
