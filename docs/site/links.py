"""Links of a built site that lead nowhere: files that are not there, anchors that a page does not have, pictures, and addresses
from which something would be loaded."""
import html.parser
import pathlib
import urllib.parse


class Page(html.parser.HTMLParser):
    """The links and anchors of one page."""

    def __init__(self, text):
        super().__init__()
        self.links, self.loads, self.anchors = [], [], set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.anchors.update(given[key] for key in ('id', 'name') if given.get(key))
        if tag == 'a' and given.get('href'):
            self.links.append(given['href'])
        for key in ('src', 'data') + (('href',) if tag == 'link' else ()):
            if given.get(key):
                self.loads.append(given[key])


def broken(folder):
    """A sentence for each."""
    folder = pathlib.Path(folder)
    pages = {path.name: Page(path.read_text(encoding='utf-8')) for path in folder.glob('*.html')}
    faults = []
    for name, page in sorted(pages.items()):
        for link in page.links + page.loads:
            target = urllib.parse.urlparse(link)
            if target.scheme in ('http', 'https') or target.netloc:
                if link in page.loads:
                    faults.append(f'{name}: {link} would be loaded from elsewhere')
                continue
            if target.scheme in ('javascript', 'data', 'mailto'):
                continue
            file, part = urllib.parse.unquote(target.path) or name, urllib.parse.unquote(target.fragment)
            if not (folder / file).exists():
                faults.append(f'{name}: a link leads to {file}, which is not there')
            elif part and file in pages and part not in pages[file].anchors:
                faults.append(f'{name}: a link leads to {file}#{part}, and that page has no such place')
    return faults
