"""What names of other systems are here, from the tables of docs/names.md."""
import re
import typing

from pages import cells

TIMES = {'ComfyUI': 'comfy_times', 'stable-diffusion.cpp': 'sdcpp_times'}


class Row(typing.NamedTuple):
    """A name that has a counterpart."""
    name: str
    system: str
    here: str      # of this library
    setting: str   # of `here`, such as "N = 2, compat = 1"
    method: bool   # whether the name is that of a method with a counterpart of its own


def split(method, names):
    """xEAB2 is xEAB with N = 2, AncestralxEAB2 is Ancestral with M = xEAB2."""
    end = next((k for k in range(len(method), 0, -1) if method[:k] in names), 0)
    rest = method[end:]
    return method[:end], '' if not rest else f'N = {rest}' if rest.isdigit() else f'M = {rest}'


def rows(text, names):
    """Those of docs/names.md. Where a remark names something else to use, that is what the row leads to."""
    out, system = [], ''
    for line in text.split('\n'):
        heading = re.match(r"## (.+?)'s? ", line)
        system = heading.group(1) if heading else system
        row = cells(line) if line.startswith('| ') else []
        if len(row) != 3 or row[0] == 'name':
            continue
        name, here, remark = row
        method = re.match(r'`(\w+)`(?: \{(.*)\})?', here)
        if method:
            found, order = split(method.group(1), names)
            options = method.group(2) or ''
            setting = ', '.join(filter(None, [order, '…' if ',' in options else options]))
            out.append(Row(name, system, found, setting, True))
        else:
            used = [word for word in re.findall(r'\w+_times|\b[A-Z]\w*[a-z]\w*', remark) if word in names]
            found = TIMES[system] if here == 'yes' else used[0] if used else ''
            out += [Row(name, system, found, '', False)] if found else []
    return out


def also_called(table):
    """For each class its other names, as one line."""
    names = {}
    for row in table:
        if row.method:
            systems = names.setdefault(row.here, {}).setdefault((row.name, row.setting), [])
            systems.append(row.system)
    return {here: ', '.join(f'`{name}` ({"; ".join(filter(None, [", ".join(systems), setting]))})'
                            for (name, setting), systems in of_class.items())
            for here, of_class in names.items()}
