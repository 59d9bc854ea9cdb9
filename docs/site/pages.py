"""Pages of docs/, which read well where they lie, as the web site shows them: links become references that Doxygen checks, the
program that a page names alone on a line is included, and code words lead to what they name."""
import re

import formulas

FENCE = re.compile(r'\s*(```|~~~)')


def page_id(path):
    """docs/howto/network.md is the page howto_network."""
    return 'mainpage' if path == 'docs/site/index.md' else re.sub(r'^docs/|\.md$', '', path).replace('/', '_')


def slug(heading):
    """The anchor that a heading has where Markdown is shown as it is."""
    return re.sub(r'[^\w -]', '', heading.lower().strip()).replace(' ', '-')


def anchor(page, heading):
    return page + '_' + re.sub(r'\W', '_', slug(heading))


class Site:
    """What pages may refer to: pages with their headings, pictures, programs and names of the library."""

    def __init__(self, root, pages, names):
        self.root, self.names, self.faults = root, names, []
        self.pages = set(pages)
        self.programs = {p.relative_to(root).as_posix() for p in root.glob('examples/**/*.cpp')}
        self.shown = set()  # programs that a page includes

    def fault(self, path, words):
        self.faults.append(f'{path}: {words}')

    def resolve(self, path, target):
        """The file that a link of the page leads to, from the root of the project."""
        folder = (self.root / path).parent
        return (folder / target).resolve().relative_to(self.root).as_posix()

    def link(self, path, words, target):
        """[words](target) for Doxygen."""
        if re.match(r'https?:', target):
            return f'[{words}]({target})'
        target, _, part = target.partition('#')
        file = self.resolve(path, target) if target else path
        if not (self.root / file).exists():
            self.fault(path, f'a link leads to {file}, which does not exist')
            return words
        words = words.replace('`', '').replace('"', "'")
        if file == 'README.md':
            return f'@ref index "{words}"'
        if file in self.pages:
            id = page_id(file)
            return f'@ref {anchor(id, part) if part else id} "{words}"'
        if file in self.programs and re.fullmatch(r'examples/\w+\.cpp', file):
            return f'@ref example_{program_name(file)} "{words}"'
        if file.startswith('include/azula/'):
            return f'`{words}`'
        return words

    def code(self, span):
        """`xEAB<2>{}` leads to xEAB, `examples/sheet.cpp` to that program."""
        text = span[1:-1]
        escaped = text.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')
        if '"' in text:
            return span
        if re.fullmatch(r'examples/\w+\.cpp', text) and text in self.programs:
            return f'@ref example_{program_name(text)} "{text}"'
        name = re.match(r'(?:azula::)?(\w+)(?=$|[<{(])', text)
        if name and name.group(1) in self.names:
            return f'@ref {self.names[name.group(1)]} "{escaped}"'
        return span


def program_name(path):
    return re.sub(r'^examples/|\.cpp$', '', path).replace('/', '_')


def inline(site, path, text):
    """A line of prose: formulas' indices, links and code words."""
    pieces = re.split(r'(`[^`]+`|!?\[(?:[^\]`]|`[^`]*`)*\]\([^)\s]+\))', text)
    for k, piece in enumerate(pieces):
        if piece.startswith('`') and k % 2:
            pieces[k] = site.code(piece)
        elif k % 2:
            mark, words, target = re.fullmatch(r'(!?)\[(.*)\]\(([^)]+)\)', piece).groups()
            pieces[k] = f'![{words}]({target.split("/")[-1]})' if mark else site.link(path, words, target)
        else:
            pieces[k] = formulas.indices(piece)
    return ''.join(pieces)


def cells(line):
    """A row of a table; | within backquotes or E[X | x_t] does not part cells."""
    line = re.sub(r'`[^`]*`|E\[X \| x_t\]', lambda m: m.group().replace('|', '\0'), line.strip().strip('|'))
    return [cell.strip().replace('\0', '|') for cell in line.split('|')]


# Where a formula in a cell of the table of methods ends and prose begins.
PROSE_AFTER = re.compile(r",? (?:with|for) |, (?:f|c|then) [a-z]{4}| \((?=[A-Z][A-Za-z+-]{2,}|iP|the )")


def methods_row(site, path, line):
    """A row of that table, whose second cell begins with a formula."""
    row = cells(line)
    prose = PROSE_AFTER.search(row[1])
    end = prose.start() if prose else len(row[1])
    formula, rest = row[1][:end], row[1][end:]
    if re.search(r'[αρσΣ∫√_]', formula) and not re.search(r'[a-z]{4,}', re.sub(r'_\w+|arctan', '', formula)):
        row[1] = r'\f$' + formulas.tex(formula).replace('|', r'\vert ') + r'\f$' + inline(site, path, rest)
    else:
        row[1] = inline(site, path, row[1])
    return '| ' + ' | '.join([inline(site, path, row[0]), row[1]] + row[2:]) + ' |'


def check_quotes(site, path, text):
    """A page that shows a program quotes it, and others that it names, as they are."""
    named = {site.resolve(path, target) for target in re.findall(r'\]\(([\w/.]+\.cpp)\)', text)} & site.programs
    sources = [(site.root / program).read_text(encoding='utf-8') for program in named]
    for quote in re.findall(r'^```cpp\n(.*?)^```', text, re.M | re.S):
        if not any(quote in source for source in sources):
            site.fault(path, f'no program that the page names has the lines that are quoted from it:\n{quote}')


def prepared(site, path, text):
    """The page for Doxygen."""
    id, out, fenced, first = page_id(path), [], False, True
    methods = False
    lines = text.split('\n')
    for words in re.findall(r'\[[^\]\n]*\n[^\]\n]*\]\(', text):
        site.fault(path, f'a link goes over two lines: {words!r}')
    i = 0
    while i < len(lines):
        line = lines[i]
        i += 1
        alone = re.fullmatch(r'\[`?([\w/.]+\.cpp)`?\]\(([^)]+)\)', line)
        if FENCE.match(line):
            fenced = not fenced
            out.append(re.sub(r'```(cpp|cmake|sh|python)$', r'```{.\1}', line.replace('```text', '```{.txt}')))
        elif fenced:
            out.append(line)
        elif alone and site.resolve(path, alone.group(2)) in site.programs:
            program = site.resolve(path, alone.group(2))
            site.shown.add(program)
            check_quotes(site, path, text)
            out += ['<div class="program-name">%s</div>' % program, '', r'\include ' + program.removeprefix('examples/')]
        elif re.match(r'# ', line):
            out.append(line + (' {#%s}' % id if first else ''))
            if first and id != 'mainpage' and sum(line.startswith('## ') for line in lines) > 2:
                out += ['', '[TOC]', '']
            first = False
        elif re.match(r'#{2,} ', line):
            heading = line.lstrip('# ')
            out.append(inline(site, path, line).replace('`', '') + ' {#%s}' % anchor(id, heading))
        elif line.startswith('    ') and formulas.is_formula(line) and not (out and out[-1].lstrip().startswith(('-', '|'))):
            block = [line]
            while i < len(lines) and lines[i].startswith('    '):
                block.append(lines[i])
                i += 1
            out.append(r'\f[' + formulas.display(block) + r'\f]')
        elif line.startswith('    '):
            out.append(line)
        elif re.match(r'\*\*[^*`]{3,60}[.?]\*\*', line) and not lines[i - 2].strip():
            opening = re.match(r'\*\*(.*?)[.?]\*\*', line).group(1)
            out.append(r'\anchor %s ' % anchor(id, opening) + inline(site, path, line))
        elif line.startswith('|'):
            methods = methods or line.startswith('| method | x_s')
            body = methods and not re.match(r'\| ?(method|-)', line)
            line = re.sub(r'E\[X \\?\| x_t\]', r'\\f$\\mathrm{E}[X \\mid x_t]\\f$', line) if not body else line
            row = methods_row(site, path, line) if body else inline(site, path, line)
            out.append(row.replace('| x_s |', r'| \f$x_s\f$ |'))
        else:
            out.append(inline(site, path, line))
    return '\n'.join(out)
