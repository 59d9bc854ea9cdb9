// Interrupts a run and continues it in another process, with the same bits.
//
//   resumed FILE
//
// Each call makes three of the eight steps, like a job with limited time, and saves the run in FILE. Call it until the
// run is done. The samples are then the same as without interruption.
#include <azula/azula.hpp>
#include <azula/sample/saved_run.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

std::string read(const std::filesystem::path& path) {
  std::ostringstream bytes;
  bytes << std::ifstream(path, std::ios::binary).rdbuf();
  return bytes.str();
}

// Under another name first, so that whoever is interrupted here leaves the file before.
void write(const std::filesystem::path& path, const std::string& bytes) {
  const std::filesystem::path fresh = path.string() + ".new";
  if (!(std::ofstream(fresh, std::ios::binary) << bytes).flush()) {
    throw std::runtime_error("cannot write " + fresh.string());
  }
  std::filesystem::rename(fresh, path);
}

int main(int count, char** arguments) try {
  if (count != 2) {
    std::printf("usage: resumed FILE\n");
    return 2;
  }
  const std::filesystem::path path = arguments[1];
  const azula::GaussianDenoiser denoiser(2.0, 0.25, azula::VPSchedule{});
  const azula::Sampler sampler(denoiser, azula::DPMSolverMultistepSDE<2>{}, {.start = 0.99, .stop = 0.01, .steps = 8});

  azula::NormalSource random(42);
  Eigen::ArrayXXf x(784, 4);
  sampler.init(x, random);
  auto run = std::filesystem::exists(path) ? azula::resume(sampler, x, read(path), random) : sampler.start(x);
  const std::ptrdiff_t stop = run.step() + 3;
  std::printf("steps %td to %td\n", run.step(), std::min(stop, run.steps()));
  while (!run.done() && run.step() < stop) {
    denoiser(run.state(), run.time(), run.mean());
    run.advance(random);
  }
  if (!run.done()) {
    write(path, azula::save(run, random));
    return 0;
  }
  std::filesystem::remove(path);

  azula::NormalSource same(42);
  sampler.init(x, same);
  const bool equal = (run.state() == sampler(x, same)).all();
  std::printf("done, as if never interrupted: %s\n", equal ? "yes" : "no");
  return equal ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "resumed: %s\n", error.what());
  return 1;
}
