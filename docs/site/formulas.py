"""Formulas as the headers and pages write them, in Unicode, become TeX for the web site."""
import re
import unicodedata

GREEK = dict(zip(
    'αβγδεζηθκλμνξπρστφχψωΓΔΘΛΞΠΣΦΨΩ',
    r'\alpha \beta \gamma \delta \varepsilon \zeta \eta \theta \kappa \lambda \mu \nu \xi \pi \rho \sigma \tau \varphi '
    r'\chi \psi \omega \Gamma \Delta \Theta \Lambda \Xi \Pi \Sigma \Phi \Psi \Omega'.split()))
SYMBOLS = {
    '∫': r'\int', '≈': r'\approx', '∝': r'\propto', '∇': r'\nabla', '∂': r'\partial', '…': r'\dots', '·': r'\cdot',
    '≤': r'\le', '≥': r'\ge', '≠': r'\ne', '→': r'\to', '←': r'\leftarrow', '∞': r'\infty', '½': r'\tfrac12', '⌊': r'\lfloor',
    '⌋': r'\rfloor', '×': r'\times', '∈': r'\in', '−': '-', '~': r'\sim', '°': r'^\circ', '%': r'\%', '&': r'\&',
    '#': r'\#', '{': r'\{', '}': r'\}', '–': '-'}
RAISED = dict(zip('⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ᵀ', ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '-', '+', r'\top']))
FUNCTIONS = {'exp', 'log', 'cos', 'sin', 'tan', 'arccos', 'arctan', 'arcsin', 'max', 'min', 'cosh', 'sinh', 'tanh', 'det'}
NAMED = {'softmax', 'round', 'tr', 'clip', 'network', 'mean', 'clamp', 'trunc', 'floor', 'skip', 'out', 'known', 'mask', 'sign'}
PRODUCTS = {'rh', 'rE'}
HAT, BAR = '\u0302', '\u0304'


def closing(text, i):
    """Where the bracket that opens at i closes."""
    depth = 0
    for j in range(i, len(text)):
        depth += (text[j] in '([{') - (text[j] in ')]}')
        if depth == 0:
            return j
    return len(text) - 1


def script(text, i):
    """What follows _ or ^ at i, as TeX, and where it ends."""
    if i < len(text) and text[i] in '{(':
        j = closing(text, i)
        return tex(text[i + 1:j]), j + 1
    word = re.compile(r"-?[0-9A-Za-zα-ωΑ-Ω]+'?").match(text, i)
    if not word:
        return '', i
    several = re.fullmatch(r'[A-Za-z]{2,}', word.group())
    return (r'\mathrm{%s}' % word.group() if several else tex(word.group())), word.end()


def root(text, i):
    """What stands under the root sign at i, as TeX, and where it ends."""
    if text[i + 1:i + 2] == '(':
        j = closing(text, i + 1)
        return r'\sqrt{%s}' % tex(text[i + 2:j]), j + 1
    if text[i + 1:i + 2] == '|':
        j = text.index('|', i + 2)
        return r'\sqrt{|%s|}' % tex(text[i + 2:j]), j + 1
    under = re.compile(r"\w[\u0302\u0304]?(_[0-9A-Za-z]+)?²?").match(text, i + 1)
    return r'\sqrt{%s}' % tex(under.group()), under.end()


def word_at(text, i):
    """A word of a formula: a function, a differential, a product of letters or a name."""
    call = re.compile(r'[a-z]{2,}_[a-z]{2,}(?=\()').match(text, i)
    if call:
        return r'\operatorname{%s}' % call.group().replace('_', r'\_'), call.end()
    word = re.compile(r'[A-Za-z]+').match(text, i).group()
    end = i + len(word)
    if word == 'd' and (text[end:end + 1] in GREEK or text[end:].startswith(' log ')):
        return r'\,\mathrm{d}', end
    if word in FUNCTIONS:
        return '\\' + word + ' ', end
    if len(word) == 1:
        return word, end
    if word in PRODUCTS:
        return ' '.join(word), end
    if len(word) == 2 and word[0] == 'd':
        return r'\,\mathrm{d}' + word[1], end
    if word in NAMED:
        return r'\operatorname{%s}' % word, end
    return r'\text{%s}' % word, end


def tex(text):
    """A formula without prose."""
    text = unicodedata.normalize('NFD', text)
    text = text.replace('<-', '←').replace('->', '→').replace('<=', '≤').replace('>=', '≥')
    out, i = [], 0
    while i < len(text):
        c = text[i]
        letter = GREEK.get(c) or (c if c.isascii() and c.isalpha() else None)
        if c in '_^':
            body, i = script(text, i + 1)
            out.append('%s{%s}' % (c, body))
        elif c in RAISED:
            j = i
            while j < len(text) and text[j] in RAISED:
                j += 1
            out.append('^{%s}' % ''.join(RAISED[k] for k in text[i:j]))
            i = j
        elif c == '√':
            body, i = root(text, i)
            out.append(body)
        elif c in 'ΣΠ' and text[i + 1:i + 2] == '_':
            out.append(r'\sum' if c == 'Σ' else r'\prod')
            i += 1
        elif letter and text[i + 1:i + 2] in (HAT, BAR):
            out.append((r'\hat{%s}' if text[i + 1] == HAT else r'\bar{%s}') % letter)
            i += 2
        elif c.isascii() and c.isalpha():
            body, i = word_at(text, i)
            out.append(body)
        elif c == '|':
            between = text[i - 1:i] == ' ' and text[i + 1:i + 2] == ' '
            out.append(r'\mid ' if between else '|')
            i += 1
        else:
            out.append(GREEK[c] + ' ' if c in GREEK else SYMBOLS[c] + ' ' if c in SYMBOLS else c)
            i += 1
    return ''.join(out)


PROSE = re.compile(r"\b(?:the|at|of|for|to|if|in|with|without|both|and|first|one|interpolated|clipped|remembered|every|is|or|"
                   r"where|that|by|last|nodes|Euler's|half|from|are|seen|otherwise|through|exact|predictions?|see)\b")
# Words of at least two letters that are not part of a name, an index or a call.
WORDS = re.compile(r"((?:(?<![\w_^{])(?:[A-Za-z][a-z]+(?:'s)?|[a-z]-th|a|E\[X\])(?![\w_^(/'])[ ,:;]*)+)")


def row(line):
    """A line of a formula; what is set apart by several spaces stays so, and prose is text with formulas in it."""
    cells = []
    line = re.sub(r' +(<-|=|≈|∝) +', r' \1 ', line.strip())
    for piece in re.split(r' {2,}', line):
        if PROSE.search(piece) and re.search(r'[a-z]{3,}', piece):
            parts = WORDS.split(piece)
            cells.append(''.join(r'\text{ %s }' % p.strip() if k % 2 and p.strip() not in FUNCTIONS else tex(p)
                                 for k, p in enumerate(parts) if p))
        else:
            cells.append(tex(piece))
    body = r' \qquad '.join(cells)
    relation = r'(?<![<>=\\a-z])(?: ?= ?| \\approx  ?| \\propto  ?| \\leftarrow  ?)'
    return re.sub(relation, lambda m: ' &' + m.group().strip() + ' ', body, count=1)


def display(lines):
    """Lines of an indented block as one aligned formula."""
    return r'\begin{aligned} ' + r' \\ '.join(row(line) for line in lines) + r' \end{aligned}'


def is_formula(line):
    """Whether an indented line is a formula, and not code or a table."""
    if not line.startswith('    ') or not re.search(r'[^\x00-\x7F]', line):
        return False
    if re.search(r'^ *#|[;{}]\s*$|//|#include|[a-z]+\.[a-z]+\(|[a-z_]{3,}\(\w*\)|azula::', line):
        return False
    return re.search(r'=|<-|≈|∝|∫|√', line) is not None


INDEXED = re.compile(r"(?<![\w:<{\\.#-])([A-Za-zα-ωΑ-Ω][\u0302\u0304]?'?)_([0-9A-Za-z]{1,5})(?![0-9A-Za-z_(])")
RAISED_TO = re.compile(r"(?<![\w^`{])(\d+|[A-Za-zα-ω])\^(-?[0-9A-Za-zα-ω]+)(?![\w^(])")


def indices(text):
    """x_t and 2^-53 in prose with what is below and above; what stands in backquotes is left alone."""
    parts = re.split(r'(`[^`]*`|\\f\$.*?\\f\$|\]\([^)]*\))', text)
    for k in range(0, len(parts), 2):
        parts[k] = RAISED_TO.sub(r'\1<sup>\2</sup>', INDEXED.sub(r'<em>\1</em><sub>\2</sub>', parts[k]))
    return ''.join(parts)
