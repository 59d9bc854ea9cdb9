#!/usr/bin/env python3
"""Builds the web site:  python3 docs/site/build.py FOLDER   (index.html is in it then)

Needs Doxygen and Debian's packages doxygen-awesome-css, libjs-katex and fonts-katex, and no network. Any warning of Doxygen, any
public name without a comment, any class without an example and any link that leads nowhere is printed and fails it. The playground is in it if
cmake/playground.sh has compiled it."""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True  # nothing into the source folder
import counterparts
import headers
import links
import pages
import search

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = ROOT / 'docs' / 'site'
LEFT_OUT = re.compile(r'docs/site/(?!index\.md$)')


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding='utf-8')


def uses_of_names():
    """For each name of the library up to four programs that use it, those of the how-tos first, as references."""
    uses = {}
    for program in sorted(ROOT.glob('examples/howto/*.cpp')) + sorted(ROOT.glob('examples/*.cpp')):
        name = pages.program_name(program.relative_to(ROOT).as_posix())
        page = ROOT / 'docs' / 'howto' / (program.stem + '.md')
        if program.parent.name == 'howto':
            title = page.read_text(encoding='utf-8').split('\n')[0].lstrip('# ') if page.exists() else name
        else:
            title, name = 'examples/' + program.name, 'example_' + name
        for word in sorted(set(re.findall(r'azula::(?:diffusers::)?(\w+)', program.read_text(encoding='utf-8')))):
            if len(uses.setdefault(word, [])) < 4:
                uses[word].append(f'@ref {name} "{title}"')
    return uses


def public_headers():
    for path in sorted(ROOT.glob('include/azula/**/*.hpp')) + sorted(ROOT.glob('include/azula/interop/cuda_*.cuh')):
        name = path.relative_to(ROOT).as_posix()
        if not headers.is_internal(name):
            yield name, path.read_text(encoding='utf-8')


def declared_names():
    """The names that stand at the beginning of a line in public headers, with their namespaces."""
    names = {}
    declared = re.compile(r'^(?! |template|namespace)(?:struct|class|enum class|concept|using|inline constexpr \w+|(?:inline |constexpr )*[\w:<>, &]+?) (\w+)'
                          r'(?= ?[({:;=<]| final|$)', re.M)
    for _, text in public_headers():
        space = 'azula::diffusers::' if 'namespace azula::diffusers' in text else 'azula::'
        for word in declared.findall(text):
            if len(word) > 2 or len(word) == 2 and word.isupper():
                names.setdefault(word, space + word)
    return names


def prepare_headers(work, table):
    """Copies the public headers, with what stands at the end of comments: names in other systems, and uses."""
    called, uses = counterparts.also_called(table), uses_of_names()
    remarks = {name: [] for name in called.keys() | uses.keys()}
    for name, words in called.items():
        remarks[name].append(r'\labelled{Also called} ' + words + '. See @ref names "Names of other systems".')
    for name, programs in uses.items():
        remarks[name].append(r'\labelled{Used in} ' + ', '.join(programs))
    for name, text in public_headers():
        write(work / name, headers.prepared(name, text, remarks))


def example_page(path):
    """A page for a program: the comment that it begins with, and itself."""
    name = pages.program_name(path.relative_to(ROOT).as_posix())
    lines = path.read_text(encoding='utf-8').split('\n')
    words = []
    for line in lines:
        if not line.startswith('//'):
            break
        words.append(line[2:].removeprefix(' ').replace('<', '&lt;').replace('\\', '\\\\'))
    words = [re.sub(r'^  +(.*)', r'    \1', line) for line in words]
    return f'# {name.replace("_", " ")} {{#example_{name}}}\n\n' + '\n'.join(words) + f'\n\n\\include {path.name}\n', name


def prepare_pages(work, names):
    paths = [p for p in sorted(ROOT.glob('docs/**/*.md')) if not LEFT_OUT.match(p.relative_to(ROOT).as_posix())]
    site = pages.Site(ROOT, [p.relative_to(ROOT).as_posix() for p in paths], names)
    for path in paths:
        name = path.relative_to(ROOT).as_posix()
        write(work / name, pages.prepared(site, name, path.read_text(encoding='utf-8')))
    list_of = ['# Programs {#examples}', '', 'Each is a file of `examples/`, and a plain build makes all of them.', '']
    for path in sorted(ROOT.glob('examples/*.cpp')):
        text, name = example_page(path)
        write(work / 'examples' / (name + '.md'), text)
        first = re.search(r'^// *(.*?[.:;])(?=\s|$)', path.read_text(encoding='utf-8').replace('\n// ', ' '), re.M)
        what = first.group(1).rstrip('.:;').replace('<', '&lt;') if first else 'The first program of the README'
        list_of.append(f'- @ref example_{name} "{name}": {what}.')
    write(work / 'examples' / 'examples.md', '\n'.join(list_of) + '\n')
    for path in sorted(ROOT.glob('examples/howto/*.cpp')):
        name = path.relative_to(ROOT).as_posix()
        if name not in site.shown:
            site.fault(name, 'no page of docs/howto shows this program')
    return site.faults


def layout():
    """The menu: the how-tos in the order in which docs/howto/howto.md names them, all programs, and the pages that layout.xml
    does not name."""
    text = (HERE / 'layout.xml').read_text(encoding='utf-8')
    contents = (ROOT / 'docs/howto/howto.md').read_text(encoding='utf-8')
    tabs = [f'<tab type="user" url="@ref howto_{file}" title="{words}"/>'
            for words, file in re.findall(r'\[([^\]]+)\]\((\w+)\.md\)', contents)]
    programs = [f'<tab type="user" url="@ref example_{path.stem}" title="{path.stem}"/>'
                for path in sorted(ROOT.glob('examples/*.cpp'))]
    further = []
    for path in sorted(ROOT.glob('docs/*.md')):
        if f'@ref {path.stem}"' not in text:
            title = path.read_text(encoding='utf-8').split('\n')[0].lstrip('# ')
            further.append(f'<tab type="user" url="@ref {path.stem}" title="{title}"/>')
    for place, entries in {'how-tos': tabs, 'programs': programs, 'further pages': further}.items():
        text = text.replace(f'<!-- {place} -->', '\n'.join(entries))
    return text


def copy_assets(out, katex, fonts):
    shutil.copytree(katex / 'contrib', out / 'katex' / 'contrib', dirs_exist_ok=True,
                    ignore=lambda _, files: [f for f in files if f != 'auto-render.js'])
    for name in ('katex.min.css', 'katex.min.js'):
        shutil.copy(katex / name, out / 'katex' / name)
    (out / 'katex' / 'fonts').mkdir(exist_ok=True)
    for font in fonts.glob('*.woff2'):
        shutil.copy(font, out / 'katex' / 'fonts' / font.name)


# What a class has no example for: options and forms, which stand where they are used, parts of classes, and what calls return.
SHOWN_ELSEWHERE = re.compile(r'\w*(Options|Form|Posterior|Entry|Model|Name|Shape|Predictor|_1_1\w+)|AdaptiveResult|ByteReader|'
                             r'DiagonalCovariance|Draw|Likelihood|MapScaling|Measurement|NoCondition|Pilot|SampleSeeds|Serial|'
                             r'Spread|UniP')


def without_example(out):
    """The public classes whose page has neither an example nor a program that uses the class."""
    faults = []
    for page in sorted(out.glob('*azula_1_1*.html')):
        name = re.fullmatch(r'(?:class|struct)azula_1_1(?:diffusers_1_1|names_1_1)?(\w+)', page.stem)
        text = page.read_text(encoding='utf-8')
        if name and not page.stem.endswith('-members') and not SHOWN_ELSEWHERE.fullmatch(name.group(1)) and \
                'class="fragment"' not in text and '<dt>Used in<' not in text:
            faults.append(f'{name.group(1)} has no example')
    return faults


def add_playground(out):
    """Copies the playground, if there is one, and puts a door to it on the first page and on its own."""
    built = ROOT / 'build' / 'playground' / 'page'
    if not (built / 'index.html').exists():
        return
    shutil.copytree(built, out / 'playground')
    door = '<a class="second" href="playground/index.html">%s</a></p>'
    first, own = out / 'index.html', out / 'playground.html'
    write(first, first.read_text(encoding='utf-8').replace('How to</a></p>', 'How to</a>' + door % 'Playground'))
    opened = '<p class="doors">' + door % '<b>Open the playground</b>' + '\n<div class="image">'
    write(own, own.read_text(encoding='utf-8').replace('<div class="image">', opened, 1))


def functions_first(out):
    """In topics whose functions are what users call, options of these functions stand below them."""
    for topic in ('times', 'tuning'):
        page = out / f'group__{topic}.html'
        head, *tables = re.split(r'(?=<table class="memberdecls">)', page.read_text(encoding='utf-8'))
        at = next(i for i, table in enumerate(tables) if 'id="func-members"' in table)
        tables[at], rest = re.fullmatch(r'(.*?</table>)(.*)', tables[at], re.S).groups()
        write(page, ''.join([head, tables.pop(at), *tables[:at], rest, *tables[at:]]))


def first_existing(what, *candidates):
    for path in candidates:
        if path and pathlib.Path(path).exists():
            return pathlib.Path(path)
    sys.exit(f'azula: {what} is missing; sh cmake/install_packages.sh docs')


def run_doxygen(work, out, awesome):
    version = re.search(r'project\(azula VERSION (\d+\.\d+)', (ROOT / 'CMakeLists.txt').read_text(encoding='utf-8')).group(1)
    write(work / 'layout.xml', layout())
    settings = (HERE / 'Doxyfile').read_text(encoding='utf-8')
    for key, value in {'VERSION': version, 'WORK': work, 'OUT': out, 'ROOT': ROOT, 'AWESOME': awesome}.items():
        settings = settings.replace(f'@{key}@', str(value))
    write(work / 'Doxyfile', settings)
    result = subprocess.run(['doxygen', 'Doxyfile'], cwd=work, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    faults = [line.replace(str(work) + '/', '') for line in result.stdout.split('\n') if line.strip()]
    return faults or ([f'doxygen ends with {result.returncode}'] if result.returncode else [])


def main():
    parser = argparse.ArgumentParser(description='Builds the web site of azula.')
    parser.add_argument('folder', type=pathlib.Path, help='where it goes')
    parser.add_argument('--awesome', help='the folder of doxygen-awesome.css')
    parser.add_argument('--katex', help='the folder of katex.min.js')
    parser.add_argument('--katex-fonts', help='the folder of its fonts, *.woff2')
    given = parser.parse_args()
    awesome = first_existing('doxygen-awesome-css', given.awesome, '/usr/share/doxygen-awesome-css')
    katex = first_existing('libjs-katex', given.katex, '/usr/share/javascript/katex')
    fonts = first_existing('fonts-katex', given.katex_fonts, '/usr/share/fonts/truetype/katex', katex / 'fonts')

    out = given.folder.resolve()
    work = out.with_name(out.name + '_sources')
    for folder in (out, work):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    names = declared_names()
    table = counterparts.rows((ROOT / 'docs' / 'names.md').read_text(encoding='utf-8'), names)
    prepare_headers(work, table)
    faults = prepare_pages(work, names)
    shutil.copy(HERE / 'topics.dox', work / 'topics.dox')
    faults += run_doxygen(work, out, awesome)
    copy_assets(out, katex, fonts)
    for menu in out.glob('group__*.js'):
        write(menu, menu.read_text(encoding='utf-8').replace('[ "azula::', '[ "'))
    for picture in sorted((ROOT / 'docs' / 'pictures').iterdir()):
        shutil.copy(picture, out / picture.name)
    functions_first(out)
    add_playground(out)
    faults += search.extend(out, table)
    faults += links.broken(out) + without_example(out)
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        sys.exit(f'azula: {len(faults)} faults in the web site')
    print(f'{len(list(out.glob("*.html")))} pages: {out}/index.html')


if __name__ == '__main__':
    main()
