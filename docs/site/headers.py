"""Headers as the web site shows them: formulas in TeX, each class in its topic, and a word on members whose contract says what
they do. Lines keep their numbers, so that a warning names the line of the header."""
import re

import formulas

# The topic of what a folder of include/azula/ has, see topics.dox.
TOPICS = {'noise': 'schedules', 'time': 'times', 'method': 'methods', 'denoise': 'denoisers', 'guide': 'guidance',
          'random': 'noise', 'sample': 'running', 'tune': 'tuning', 'interop': 'interop', 'plan': 'plans',
          'integrate': 'integration', 'state': 'states'}
FILES = {'concepts.hpp': 'contracts', 'state.hpp': 'states', 'broadcast.hpp': 'states', 'sample_shape.hpp': 'states'}

# What the library needs inside and nobody calls from outside; the site leaves it out.
INTERNAL = re.compile(r'''azula/(
    broadcast/.* | denoise/(evaluate|full_covariance|preconditioning) |
    guide/(guidance|inverse_workspace|kept_noise|minimal_residual|step_coefficients) |
    integrate/(even_weights|interpolatory_weights|one_step|order|psi|velocity_form|velocity_step|widespread_weights) |
    interop/(cuda|diffusers)/.* | interop/torch/(kernels|operations|run_memory|scalar|tensor) | interop/names/(grid_name|model_.*) | interop/onnx_(condition|port) |
    method/(ancestral_split|method_parts|method_table|option_table) | noise/(towards_clean|unit_interval|log_snr) |
    plan/(fingerprint|largest_coefficient|make_plan|parse_number|ring_size|stage_c.*|stage_columns|stage_reader|stage_table|table_place|plan) |
    random/(engine_source|lanes|normal_block|normal_transform|one_lane|own_copy|philox|brownian_tree|brownian_draw|normal_draw) |
    sample/(adaptive_step|argument_check|block_update|crew|fill_state|foreign_update|half_bits|host_update|initial_noise|mean_copy|names|parallel_run|parts|prediction_ring|
            progress_bar|run_parts|saved_bytes|step_control|storage|update) | sample/pool/pool_(batch|denoiser|queue|run) |
    state/(eigen_state|float_predictions|foreign_memory|real) | time/clean_end | error | is_finite | opaque |
    tune/(best_grid|levenberg_marquardt))\.(hpp|cuh)$''', re.X)
KEPT = re.compile(r'interop/diffusers/setup\.hpp$')

# The same of functions in headers that have something else to show.
INTERNAL_NAMES = '''
    call_network check check_training_steps clamp_mean consistency_scaling copy_share correct_start difference directional
    evaluate_noise extrapolates_to_clean finite_log_snr first_order_stage has_dynamic_batch in_either_direction incomplete_beta
    is_fillable is_full_covariance is_one_sample linear_quadratic_progress mend_config mix_kept_noise nearest_node
    normal_quantile normal_share older_nodes order_of_step pseudo_runge_kutta_step quantile require_per_sample rounded_ratio
    set_option set_options size_of_weights threshold_mean times_at_log_snr transfer weights_of whole_option
    wraps_denoiser wraps_network'''.split()

# Members without a comment of their own, by their declarations: what the contract says of them.
CONTRACTS = [(re.compile(pattern), words) for pattern, words in [
    (r'static constexpr int history\b', 'How many predictions a run remembers for it, the current one included.'),
    (r'static constexpr int order\b', 'The order N.'),
    (r'std::string name\(\) const', 'Its name, as messages and tables show it.'),
    (r'void check\(\) const',
     r'Looks at the options. \throws std::invalid_argument that names the option out of range, if there is one.'),
    (r'void append\(std::vector<Stage>& stages, const TimeGrid& grid',
     'Appends the stages of the step from node i to node i + 1.'),
    (r'(const \w+&|decltype\(auto\)|const auto&) schedule\(\) const', 'The noise schedule.'),
    (r'Scales operator\(\)\(double t\) const', 'α and σ at time t.'),
    (r'void operator\(\)\(const X& x_t, (double t|const SampleTimes& \w+|const Time& t), plain_t<X>& mean',
     'Writes E[X | x_t] into `mean`.'),
    (r'void vjp\(', r'The product of the Jacobian of E[X | x_t], transposed, with v.'),
    (r'\w+ form\(const TimeGrid', 'The variable and the prediction that it interpolates.'),
    (r'NodeWeights weights\(', 'The weights of the predictions at the last nodes.'),
    (r'std::ptrdiff_t steps\(\) const', 'How many steps there are.'),
    (r'double variable\(const Node& n\) const', 'The variable u at a node.'),
    (r'double integrate\(F&& f, const Node& t, const Node& s\) const',
     'The integral of f, a function of u - u_t, with its weight from t to s.'),
    (r'Stage prediction\(const Node&', 'The prediction p = u x + v m that is remembered.'),
    (r'Stage first_order\(const Node& t, const Node& s\) const', 'The step of first order.'),
    (r'Preconditioning operator\(\)\(const Scales& s\) const', 'The three numbers at these scales.'),
    (r'double operator\(\)\(const (auto|S)&( schedule)?, double t\) const', 'What the network is told at time t.'),
    (r'InputForm input = ', 'How the network gets x_t.'),
    (r'bool lower_order_final = ', 'Lower the order to the number of steps left.'),
    (r'Churn churn', 'Noise that is added before each step.'),
    (r'M method( =|;|\{)', 'The wrapped method.'),
    (r'double time_of_log_snr\(double lambda\) const', 'The time at which log α/σ is lambda.'),
    (r'double clean_time\(\) const', 'The time at which σ = 0.'),
    (r'TimeInterval time_interval\(\) const', 'The times at which it is defined.'),
    (r'using (T|Scalar|Plain|Memory|Before) = ', 'What StateTraits asks for.'),
    (r'constexpr bool view = ', 'Whether a copy shares its memory.'),
    (r'SampleShape shape\(const', 'How many samples, of how many values.'),
    (r'void resize_like\(', 'Gives `out` the shape of x.'),
    (r'bool update\(const Stage& stage', 'One stage; whether the mean was finite.'),
    (r'bool finite\(', 'Whether all means were finite.'),
    (r'std::ptrdiff_t rows\(\) const', 'M, how many values a measurement has.'),
    (r'using Workspace\b', 'What a run keeps for it.'),
    (r'void write\(', 'Copies all values from memory of the host.'),
    (r'void add_whole\(', 'Adds a whole draw of a source.'),
]]
DECLARATION = re.compile(r'(template|struct|class|enum|inline|constexpr|using|auto|std::|Eigen::|double|bool|void|concept|'
                         r'requires|const|'
                         r'StateTraits|\w+ \w+\()')


def is_internal(path):
    return bool(INTERNAL.search(path)) and not KEPT.search(path)


def topic_of(path):
    room = re.search(r'azula/(\w+)/', path)
    name = re.search(r'azula/([\w.]+)$', path)
    return TOPICS.get(room.group(1)) if room else FILES.get(name.group(1)) if name else None


def typeset(lines):
    """Comments with their formulas in TeX."""
    out, i = [], 0
    while i < len(lines):
        comment = re.match(r'^(\s*)/// ?(.*)$', lines[i])
        if not comment:
            out.append(lines[i])
            i += 1
            continue
        indent, text = comment.groups()
        if not formulas.is_formula(text):
            out.append(indent + '/// ' + (text if text.startswith('    ') else formulas.indices(text)))
            i += 1
            continue
        block = []
        while i < len(lines):
            line = re.match(r'^\s*/// ?(    .*)$', lines[i])
            if not line:
                break
            block.append(line.group(1))
            i += 1
        out.append(indent + r'/// \f[' + formulas.display(block) + r'\f]')
        out += [indent + '///'] * (len(block) - 1)
    return out


def end_sentences(lines):
    """A comma before a block of code or a formula becomes a colon: Doxygen ends a brief description there."""
    for i in range(len(lines) - 2):
        before = re.match(r'(\s*///.*),$', lines[i])
        if before and re.match(r'\s*///$', lines[i + 1]) and re.match(r'\s*///     ', lines[i + 2]):
            lines[i] = before.group(1) + ':'
    return lines


# A sentence that begins with names, or "Compare", and has the address of a paper or a program before it ends.
REFERENCE = re.compile(r"(?:Compare )?[A-ZÀ-Þ][\w-]+(?: et al\.,|'s [\w-]+|:|(?:, [A-Z][\w-]+)*(?: and [A-Z][\w-]+)?,)"
                       r"(?:[^.()]|\.(?! ))*\(?https?://")


def label_references(lines):
    """The papers at the end of a comment become a paragraph of their own, with a label; see ALIASES in Doxyfile."""
    end = 0
    for i, line in enumerate(lines):
        if i < end or not lines[i - 1].lstrip().startswith('///'):
            continue
        last = i
        while re.match(r'\s*/// [^\s\\@]', lines[last]):
            last += 1
        text = ' '.join(line.lstrip()[4:] for line in lines[i:last])
        if REFERENCE.match(text):
            label = 'References' if len(re.findall(r', (?:19|20)\d\d\b', text)) > 1 else 'Reference'
            lines[i] = line.replace('/// ', r'/// \labelled{%s} ' % label, 1)
            end = last
    return lines


def hide_internal_names(lines):
    """Their comments and definitions become what Doxygen passes over."""
    names = re.compile(r'[^(=]*\b(%s)( = |\()' % '|'.join(INTERNAL_NAMES))
    for i, line in enumerate(lines):
        if line.startswith((' ', '/')) or not names.match(line):
            continue
        first, last = i, i
        while lines[first - 1].strip():
            first -= 1
        while not re.match(r'\S.*[;}]$|\};?$', lines[last]):
            last += 1
        lines[first - 1] = '/** @cond */'
        lines[last] += ' /** @endcond */'
    return lines


def join_topics(lines, topic):
    """The blank line before the comment of a declaration becomes the name of its topic."""
    for i in range(1, len(lines)):
        if not lines[i].startswith('///') or lines[i - 1].strip():
            continue
        end = i
        while end < len(lines) and lines[end].startswith('///'):
            end += 1
        if end < len(lines) and DECLARATION.match(lines[end]) and not lines[i].startswith(r'/// \file'):
            form = re.match(r'struct \w*Form\b', lines[end]) or re.match(r'struct \w*Form\b', (lines + [''])[end + 1])
            lines[i - 1] = r'/// \ingroup ' + ('integration' if form else topic)
    return lines


def drop_guides(lines):
    """Deduction guides are for the compiler."""
    for i, line in enumerate(lines):
        next_line = lines[i + 1].lstrip() if i + 1 < len(lines) else ''
        if re.match(r'\w+\(.*\)( -> .*;)?$', line) and (' -> ' in line or next_line.startswith('-> ')):
            first = i - 1 if lines[i - 1].startswith('template <') else i
            last = i
            while not lines[last].endswith(';'):
                last += 1
            lines[first:last + 1] = [''] * (last + 1 - first)
    return lines


def explain_contracts(lines):
    """Members that a contract asks for get its words, in front of their declaration."""
    for i, line in enumerate(lines):
        if not line.startswith('  ') or '///<' in line:
            continue
        for pattern, words in CONTRACTS:
            if not re.match(r'\s+(static |constexpr |friend )*' + pattern.pattern, line):
                continue
            first = i
            while re.match(r'\s+(template <|requires[ (])', lines[first - 1]):
                first -= 1
            if not lines[first - 1].lstrip().startswith('///'):
                lines[first] = '/** ' + words + ' */ ' + lines[first]
            break
    return lines


# What a run asks of a method; options stand in front of it, what is private after it.
OF_METHODS = re.compile(r'(  |/\*\* .* \*/ +)(static constexpr (int|bool) (history|order|spans_steps)\b|std::string name\(\) const|'
                        r'void check\(\) const|void append\()')


def set_contracts_apart(lines):
    """These members of methods come last on their pages, under a heading of their own."""
    inside = None
    for i, line in enumerate(lines):
        if line.startswith('struct '):
            inside = False
        elif inside is False and OF_METHODS.match(line):
            inside = True
            first = i
            while re.match(r'  (///|template <|requires[ (])', lines[first - 1]):
                first -= 1
            lines[first] = r'/** \name For writers of methods */ /** \{ */ ' + lines[first]
        elif inside and re.match(r'\};| private:', line):
            inside = None
            lines[i] = r'/** \} */ ' + line
    return lines


def add_remarks(lines, remarks):
    """Remarks on classes and functions come after their comments."""
    for i, line in enumerate(lines):
        name = re.match(r'(?:struct|class|concept|using|(?:inline |constexpr )*[\w:<>, &]+?) (\w+)(?= ?[({:;=]| final|$)', line)
        if line.startswith((' ', '/')) or not name or name.group(1) not in remarks:
            continue
        first = i
        while re.match(r'(template <|requires[ (])', lines[first - 1]):
            first -= 1
        if lines[first - 1].startswith('///'):
            lines[first] = '/** ' + ' '.join(remarks[name.group(1)]) + ' */ ' + lines[first]
    return lines


def link_pages(lines):
    """docs/few_steps.md in prose leads to that page."""
    for i, line in enumerate(lines):
        if re.match(r'\s*/// {0,3}\S', line):
            lines[i] = re.sub(r'`?docs/(\w+)\.md`?', r'@ref \1 "docs/\1.md"', line)
    return lines


def prepared(path, text, remarks):
    lines = typeset(label_references(end_sentences(hide_internal_names(drop_guides(text.split('\n'))))))
    topic = topic_of(path)
    if topic:
        lines = join_topics(lines, topic)
    lines = explain_contracts(link_pages(lines))
    if topic == 'methods':
        lines = set_contracts_apart(lines)
    return '\n'.join(add_remarks(lines, remarks))
