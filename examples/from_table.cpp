// Draws a hundred digits with a solver that is read from a text file.
//
//   from_table                                 data/digits_solver.txt, fitted to this network, eight evaluations
//   from_table --table mine.txt --out mine.png
//
// Such a file may be published with a model, or be written by a program: few_evaluations --table FILE writes a solver
// that fit_solver() has fitted, and `out << sampler.stages()` writes the solver of any method and times.
#include "common/digits_network.hpp"
#include "common/image.hpp"
#include "common/options.hpp"

#include <azula/azula.hpp>
#include <azula/plan/read_stages.hpp>

#include <cstdio>
#include <fstream>
#include <string>

int main(int argc, char** argv) {
  return examples::guarded("from_table", [&] {
    std::string path = AZULA_EXAMPLES_DATA "/digits_solver.txt", out = "from_table.png";
    examples::Options options("from_table", "draws handwritten digits by a solver that is a table of numbers");
    options.text("--table", "the solver, a text file", path);
    options.text("--out", "the picture, a PNG", out);
    if (!options.parse(argc, argv)) return 0;

    const azula::KarrasDenoiser denoiser(examples::DigitsNetwork(AZULA_EXAMPLES_DATA "/digits.safetensors"),
                                         azula::VPSchedule{});
    std::ifstream file(path);
    const azula::Tabulated table{azula::read_stages(file, path)};
    const azula::Sampler sampler(denoiser, table, table.times());

    azula::NormalSource random(1);
    Eigen::ArrayXXf x(examples::DigitsNetwork::pixels, 100);
    sampler.init(x, random);
    examples::write_png(out, examples::montage(sampler(x, random)));
    std::printf("%td steps from t = %g to %g, %td evaluations: %s\n", sampler.steps(), table.times().front(),
                table.times().back(), sampler.evaluations(), out.c_str());
    return 0;
  });
}
