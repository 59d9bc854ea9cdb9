// Draws handwritten digits on several machines, with MPI.
//
// Each rank draws its share of the digits, and rank 0 gathers them into a picture. The ranks do not communicate while
// they draw. If they cannot communicate at all, as in separate jobs of a batch scheduler, let each write a file of its
// own: see docs/clusters.md.
//
//   mpirun -n 3 mpi_digits                        a hundred digits, with the same bits for any number of ranks
//   mpirun -n 3 mpi_digits --first 37 --count 1   only number 37 of that sheet (two ranks have nothing to do)

#include "common/digits_network.hpp"
#include "common/image.hpp"
#include "common/options.hpp"

#include <azula/azula.hpp>
#include <azula/sample/shares.hpp>

#include <mpi.h>

#include <bit>
#include <cinttypes>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace examples;

struct Job {
  std::string out = "digits.png";
  std::ptrdiff_t steps = 50;
  int count = 100;
  std::uint64_t seed = 1;
  std::int64_t first = 0;
};

bool read(Job& job, int argc, const char* const* argv) {
  Options options("mpi_digits", "draws handwritten digits on all ranks of MPI");
  options.number("--steps", "steps of DDPM", std::ptrdiff_t{1}, job.steps);
  options.number("--count", "how many digits", 1, job.count);
  options.number("--seed", "of all noise", std::uint64_t{0}, job.seed);
  options.number("--first", "number of the first digit", std::int64_t{0}, job.first);
  options.text("--out", "the picture, a PNG", job.out);
  return options.parse(argc, argv);
}

/// All ranks, from the first line of main to the last.
class World {
 public:
  World(int& argc, char**& argv) {
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
    MPI_Comm_size(MPI_COMM_WORLD, &size_);
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;
  ~World() { MPI_Finalize(); }

  int rank() const { return rank_; }
  int size() const { return size_; }

  /// The columns of all ranks, in order, on rank 0; nothing on the others.
  Eigen::ArrayXXf gather(const Eigen::ArrayXXf& mine, const azula::Shares& shares, int total) const {
    std::vector<int> counts, starts;
    for (int rank = 0; rank < size_; ++rank) {
      counts.push_back(static_cast<int>(shares[rank].count));
      starts.push_back(static_cast<int>(shares[rank].first));
    }
    Eigen::ArrayXXf all(mine.rows(), rank_ == 0 ? total : 0);
    MPI_Datatype column = MPI_DATATYPE_NULL;
    MPI_Type_contiguous(static_cast<int>(mine.rows()), MPI_FLOAT, &column);
    MPI_Type_commit(&column);
    MPI_Gatherv(mine.data(), static_cast<int>(mine.cols()), column, all.data(), counts.data(), starts.data(), column, 0,
                MPI_COMM_WORLD);
    MPI_Type_free(&column);
    return all;
  }

 private:
  int rank_ = 0;
  int size_ = 1;
};

/// The digits of one rank: all it has to know is the number of its first one.
Eigen::ArrayXXf draw(const Job& job, const azula::Share& share) {
  const azula::VPSchedule schedule;
  const azula::KarrasDenoiser denoiser(DigitsNetwork(AZULA_EXAMPLES_DATA "/digits.safetensors"), schedule);
  const azula::Sampler sampler(std::ref(denoiser), azula::DDPM{},
                               azula::log_snr_times(schedule, {.stop = 0.01, .steps = job.steps}), {.silent = true});
  Eigen::ArrayXXf x(DigitsNetwork::pixels, share.count);
  azula::NormalSource random(job.seed, job.first + share.first);
  sampler.init(x, random);
  return sampler(std::move(x), random);
}

/// FNV-1a over the bits of all pixels.
std::uint64_t digest(const Eigen::ArrayXXf& digits) {
  std::uint64_t hash = 0xCBF29CE484222325U;
  for (const float pixel : digits.reshaped()) hash = (hash ^ std::bit_cast<std::uint32_t>(pixel)) * 0x100000001B3U;
  return hash;
}

int run(const World& world, const Job& job) {
  const azula::Shares shares(job.count, world.size());
  const Eigen::ArrayXXf digits = world.gather(draw(job, shares[world.rank()]), shares, job.count);
  if (world.rank() != 0) return 0;
  write_png(job.out, montage(digits, {.columns = static_cast<Eigen::Index>(std::ceil(std::sqrt(job.count)))}));
  std::printf("digits   %d, from number %" PRId64 " on, of seed %" PRIu64 "\n", job.count, job.first, job.seed);
  std::printf("ranks    %d\n", world.size());
  std::printf("digest   %016" PRIX64 "\n", digest(digits));
  std::printf("picture  %s\n", job.out.c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const World world(argc, argv);
  const int status = examples::guarded("mpi_digits", [&] {
    Job job;
    return read(job, argc, argv) ? run(world, job) : 0;
  });
  if (status != 0) MPI_Abort(MPI_COMM_WORLD, status);  // or the others would wait for this rank
  return status;
}
