// What is no saved run is refused by an exception of one type, and the source of noise is then what it was. What is one
// is resumed, saved again as the same bytes, and goes on to the end. The first byte says what is tried; size and checksum
// of the others are put right in half of the cases, without which hardly any would be looked into.
#include <Eigen/Core>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

#include "azula/denoise/gaussian_denoiser.hpp"
#include "azula/method/dpm_solver_multistep_sde.hpp"
#include "azula/noise/vp_schedule.hpp"
#include "azula/plan/fingerprint.hpp"
#include "azula/random/brownian_source.hpp"
#include "azula/random/clock.hpp"
#include "azula/random/normal_source.hpp"
#include "azula/sample/sampler.hpp"
#include "azula/sample/saved_run.hpp"

namespace {

const azula::GaussianDenoiser denoiser(2.0, 0.25, azula::VPSchedule{});
const azula::Sampler sampler(denoiser, azula::DPMSolverMultistepSDE<3>{},
                             {.start = 0.9, .stop = 0.1, .steps = 5, .silent = true});

std::string sealed(std::string bytes) {
  if (bytes.size() < 32) return bytes;
  bytes.replace(0, 16, std::string("azulaRun\1\0\0\0\0\0\0\0", 16));
  bytes.replace(16, 8, azula::ByteWriter().number(bytes.size()).bytes());
  bytes.resize(bytes.size() - 8);
  const std::uint64_t checksum = azula::Fingerprint().add(std::string_view(bytes)).value();
  return bytes + azula::ByteWriter().number(checksum).bytes();
}

template <class Source>
void resume(const std::string& bytes, Source random) {
  azula::ByteWriter before, after;
  random.save(before);
  const Eigen::ArrayXXf x = Eigen::ArrayXXf::Zero(2, 1);
  auto run = sampler.start(x);
  try {
    run = azula::resume(sampler, x, bytes, random);
  } catch (const std::invalid_argument&) {
    random.save(after);
    if (after.bytes() != before.bytes()) std::abort();
    return;
  }
  if (azula::save(run, random) != bytes) std::abort();
  try {
    while (!run.done()) {
      denoiser(run.state(), run.time(), run.mean());
      run.advance(random);
    }
  } catch (const std::invalid_argument&) {  // seeds for another batch, draws beyond the last
  } catch (const std::runtime_error&) {     // a state that is not finite
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] & 1) bytes = sealed(bytes);
  if (data[0] & 2) {
    resume(bytes, azula::BrownianSource(1, azula::time_clock()));
  } else {
    resume(bytes, azula::NormalSource(1));
  }
  return 0;
}
