// The C++ program that draws what was chosen. playground/test.py compiles what this writes.
'use strict';

const withoutSchedule = new Set(['linear_times', 'quadratic_times', 'beta_times']);
const around = {Bounded: ['xEAB', 'zAB'], Ancestral: ['xEAB']};

/// A line of list_methods.
function parseMethod(line) {
  const [name, family, order, lowers] = line.split(' ');
  return {name, family, order: +order, lowers: lowers === '1'};
}

/// The method as a program spells it: azula::Bounded{azula::xEAB<2>{}}.
function spelled(method, lowerOrderFinal) {
  if (method.family === 'ChurnedEuler') return 'azula::Churned<azula::Euler>{}';
  const options = lowerOrderFinal && method.lowers ? '.lower_order_final = true' : '';
  for (const outer of Object.keys(around)) {
    const inner = method.family.slice(outer.length);
    if (!method.family.startsWith(outer) || !around[outer].includes(inner)) continue;
    return `azula::${outer}{${spelled({...method, family: inner}, lowerOrderFinal)}}`;
  }
  return `azula::${method.family}${method.order > 0 ? `<${method.order}>` : ''}{${options}}`;
}

function spelledTimes(choice) {
  const clothes = choice.network === 'fashion';
  const options = clothes ? `{.start = 0.75, .stop = 0.02, .steps = ${choice.steps - 1}}` :
                            `{.start = 1, .stop = 0.01, .steps = ${choice.steps}}`;
  const call = `azula::${choice.grid}(${withoutSchedule.has(choice.grid) ? '' : 'schedule, '}${options})`;
  return clothes ? `std::vector<double> times = ${call};\n  times.push_back(0);` :
                   `const std::vector<double> times = ${call};`;
}

const digitsDenoiser = `  const examples::DigitsNetwork network("examples/data/digits.safetensors");
  const azula::KarrasDenoiser denoiser(network, schedule);
`;

function clothesDenoiser({count, label, guidance}) {
  const labels = Array.from({length: count}, (_, i) => label < 0 ? i % 10 : label).join(', ');
  const network = `  const examples::FashionNetwork network("examples/data/fashion.safetensors");
  Eigen::ArrayXi labels(${count});
  labels << ${labels};
`;
  if (guidance === 1) {
    return network + '  const azula::KarrasDenoiser denoiser(network.conditioned(labels), schedule);\n';
  }
  return network + `  const azula::KarrasDenoiser positive(network.conditioned(labels), schedule);
  const azula::KarrasDenoiser negative(network, schedule);
  const azula::GuidedDenoiser denoiser(positive, negative, ${guidance}, {.low = 0.1, .high = 20});
`;
}

function program(choice, method, columns) {
  const clothes = choice.network === 'fashion';
  const name = clothes ? 'fashion' : 'digits';
  const network = clothes ? 'FashionNetwork' : 'DigitsNetwork';
  return `#include "common/${name}_network.hpp"
#include "common/image.hpp"

#include <azula/azula.hpp>
${clothes && choice.guidance !== 1 ? '#include <azula/guide.hpp>\n' : ''}
#include <vector>

int main() {
  const azula::VPSchedule schedule;
${clothes ? clothesDenoiser(choice) : digitsDenoiser}
  ${spelledTimes(choice)}
  const azula::Sampler sampler(denoiser, ${spelled(method, clothes)}, times);

  azula::NormalSource random(${choice.seed});
  Eigen::ArrayXXf x(examples::${network}::pixels, ${choice.count});  // one image per column
  sampler.init(x, random);
  x = sampler(x, random);
  examples::write_png("${name}.png", examples::montage(x, {.columns = ${columns}, .side = ${clothes ? 28 : 8}}));
}
`;
}
