"""Further entries of the search box, in Doxygen's files: headings of pages, words of the glossary, and names of other systems.

Doxygen's search.js shows the entries whose id begins with what is typed, from the file of its first letter."""
import ast
import html
import re

BOX = re.compile(r'<h1><a class="anchor" id="(?P<heading>[^"]+)"></a>\s*(?P<words>.*?)</h1>|'
                 r'<a class="anchor" id="(?P<opening>[^"]+)"></a>\s*<b>(?P<bold>.*?)</b>', re.S)
SYMBOL = re.compile(r'<tr[^>]*>\s*<td[^>]*>(.*?)</td>\s*<td[^>]*>(.*?)</td>')
LITTLE = set('a an and are as at be by do does for from has have how i if in into is it its my of on one or that the their them '
             'to what when which with you your'.split())


def plain(markup):
    return html.unescape(re.sub(r'<[^>]+>', '', markup)).strip()


def id_of(words):
    """As convertToId() of search.js."""
    return ''.join(c if c in 'abcdefghijklmnopqrstuvwxyz0123456789' or c > '\x7f' else f'_{ord(c):02x}' for c in words.lower())


def first_letter(id):
    return chr(int(id[1:3], 16)) if id[0] == '_' else id[0]


class Index:
    """One section of the search, such as all or pages: per id and name the places to which it leads."""

    def __init__(self, folder, section):
        self.folder, self.section, self.found, self.added = folder, section, [], {}
        for path in sorted(folder.glob(section + '_*.js')):
            data = ast.literal_eval(path.read_text(encoding='utf-8').split('=', 1)[1].strip().rstrip(';'))
            self.found += [(re.sub(r'_\d+$', '', id), entry) for id, entry in data]

    def add(self, words, shown, place, scope, id=None):
        places = self.added.setdefault((id or id_of(words), shown), [])
        if [place, 1, scope] not in places:
            places.append([place, 1, scope])

    def add_by_words(self, words, place, scope, own=True):
        """Also under each later word of some weight; `own` is whether it is added as a whole."""
        shown = html.escape(words, quote=False).replace("'", '&#39;')
        for word in re.finditer(r"(?<![\w'.-])[A-Za-z0-9][\w.+-]*", words):
            if (own and not word.start()) or (word.start() and word.group().lower() not in LITTLE):
                self.add(words[word.start():], shown, place, scope)

    def write(self):
        """Sorts and numbers all entries, as Doxygen does; returns their first letters."""
        added = [(id, [shown] + places) for (id, shown), places in self.added.items()]
        letters = {}
        for id, entry in sorted(self.found + added, key=lambda e: (e[0], len(e[1]) > 2)):
            letters.setdefault(first_letter(id), []).append((id, entry))
        page = (self.folder / (self.section + '_0.html')).read_text(encoding='utf-8')
        for k, letter in enumerate(sorted(letters)):
            name = f'{self.section}_{k:x}'
            lines = [f'  {[f"{id}_{n}", entry]!r}' for n, (id, entry) in enumerate(letters[letter])]
            (self.folder / (name + '.js')).write_text('var searchData=\n[\n' + ',\n'.join(lines) + '\n];\n', encoding='utf-8')
            (self.folder / (name + '.html')).write_text(page.replace(self.section + '_0.js', name + '.js'), encoding='utf-8')
        return ''.join(sorted(letters))


def extend(out, table):
    """Adds them to the site in `out`; `table` has the names of other systems. Returns what leads nowhere."""
    folder, faults = out / 'search', []
    every, pages = Index(folder, 'all'), Index(folder, 'pages')
    where = {}
    for _, (shown, *places) in every.found:
        where.setdefault(shown, places[0][0])
    for _, (shown, *places) in pages.found:
        for index in (every, pages):
            index.add_by_words(plain(shown), places[0][0], '', own=False)
    for page in sorted(out.glob('*.html')):
        text = page.read_text(encoding='utf-8')
        title = re.search(r'<div class="title">(.*?)</div>', text, re.S)
        for match in BOX.finditer(text) if title else ():
            place = f'../{page.name}#{match["heading"] or match["opening"]}'
            for index in (every, pages):
                index.add_by_words(plain(match['words'] or match['bold']).rstrip('.'), place, plain(title.group(1)))
    for symbol, name in SYMBOL.findall((out / 'glossary.html').read_text(encoding='utf-8')):
        words = f'{plain(name).removeprefix("the ")}, {plain(symbol)}'
        every.add_by_words(words, '../glossary.html#glossary_symbols', 'Symbols and words')
    for row in table:
        if row.here in where:
            every.add(row.name, row.name, where[row.here], 'here: ' + row.here)
        else:
            faults.append(f'docs/names.md: {row.name} leads to {row.here}, which has no page')
    data = (folder / 'searchdata.js').read_text(encoding='utf-8')
    for index in (every, pages):
        number = re.search(r'(\d+): "%s"' % index.section, data).group(1)
        data = re.sub(r'\b%s: "[^"]*"' % number, lambda _: f'{number}: "{index.write()}"', data, count=1)
    (folder / 'searchdata.js').write_text(data, encoding='utf-8')
    return faults
