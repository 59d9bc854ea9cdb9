// Compares ways to serve requests for images: azula::Pool, one request after the other, and batches that wait until
// full.
//
// The requests arrive one by one and have 4 to 30 steps each; the network runs in ONNX Runtime. All ways get the same
// arrivals, 1.4 times as many as can be drawn one after the other. The results are medians of three passes.
//
//   azula_pool_bench [threads of ONNX Runtime, 2]

#include <azula/azula.hpp>
#include <azula/interop/onnx_network.hpp>
#include <azula/sample/pool.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <filesystem>
#include <random>
#include <span>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using Batch = Eigen::ArrayXXf;

constexpr Eigen::Index pixels = 28 * 28;
constexpr std::size_t count = 64;
constexpr std::ptrdiff_t capacity = 16;
constexpr std::size_t full = 8;  // a batch that need not wait

double seconds(Clock::duration time) {
  return std::chrono::duration<double>(time).count();
}

/// What the calling thread has worked, in seconds, without what others have on its core.
double worked() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// The network, and how long this thread has been at work in it for how many samples.
struct Timed {
  azula::OnnxNetwork network;
  double* busy;
  Eigen::Index* samples;

  template <class C>
  void operator()(const Batch& input, const C& c, Batch& output) const {
    const double begin = worked();
    network(input, c, output);
    *busy += worked() - begin;
    *samples += input.cols();
  }
};

struct Job {
  double arrival;  // in seconds
  std::int64_t label;
  std::ptrdiff_t steps;
  std::uint64_t seed;
};

std::vector<Job> jobs(double gap) {
  std::mt19937 random(1);
  std::exponential_distribution<double> wait(1 / gap);
  std::vector<Job> all;
  double now = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    all.push_back({now, static_cast<std::int64_t>(i % 10), 4 + static_cast<std::ptrdiff_t>(random() % 27), i});
    now += wait(random);
  }
  return all;
}

class Server {
 public:
  explicit Server(int threads)
      : network_(std::filesystem::path(AZULA_EXAMPLES_DATA) / "fashion.onnx", {.threads = threads}) {}

  auto denoiser(std::vector<std::int64_t> labels) {
    const auto size = static_cast<std::int64_t>(labels.size());
    return azula::KarrasDenoiser(Timed{network_.with("label", {size}, std::move(labels)), &busy_, &samples_},
                                 schedule_);
  }

  auto sampler(const Job& job) {
    const auto times = azula::log_snr_times(schedule_, {.stop = 0.01, .steps = job.steps});
    return azula::Sampler(denoiser({job.label}), azula::xEAB<2>{}, times, {.silent = true});
  }

  static Batch noise(const Job& job, const auto& sampler) {
    Batch x(pixels, 1);
    azula::NormalSource random(job.seed);
    sampler.init(x, random);
    return x;
  }

  /// Latencies in seconds; those who have come are drawn one after the other.
  std::vector<double> one_by_one(const std::vector<Job>& all) {
    std::vector<double> latencies;
    const auto begin = Clock::now();
    for (const Job& job : all) {
      std::this_thread::sleep_until(begin + std::chrono::duration<double>(job.arrival));
      const auto alone = sampler(job);
      alone(noise(job, alone));
      latencies.push_back(seconds(Clock::now() - begin) - job.arrival);
    }
    return latencies;
  }

  /// By a pool: all who have come, or, if `waits`, as soon as it is empty and there are enough for a full batch.
  std::vector<double> together(const std::vector<Job>& all, bool waits) {
    azula::Pool<Batch, std::int64_t> pool(
        [&](std::span<const std::int64_t> labels) {
          return denoiser({labels.begin(), labels.end()});
        },
        {.capacity = capacity});
    std::vector<double> latencies(all.size());
    std::size_t ended = 0;
    const auto begin = Clock::now();
    const auto now = [&] { return seconds(Clock::now() - begin); };
    std::size_t next = 0;
    busy_ = ours_ = 0;
    samples_ = 0;
    const auto submit = [&](const Job& job) {
      const auto alone = sampler(job);
      const auto end = [&](const azula::PoolEnd<Batch>& told) {
        if (told.error) std::rethrow_exception(told.error);
        latencies[told.id - 1] = now() - all[told.id - 1].arrival;
        ++ended;
      };
      pool.submit(alone, noise(job, alone), {.condition = job.label, .end = end});
    };
    while (ended < all.size()) {
      std::size_t here = next;
      while (here < all.size() && all[here].arrival <= now()) ++here;
      if (waits) here = std::min(here, next + full);
      const bool go = !waits || (pool.size() == 0 && (here == next + full || here == all.size()));
      while (go && next < here) submit(all[next++]);
      if (pool.size() == 0) {
        std::this_thread::sleep_for(std::chrono::microseconds(100));
        continue;
      }
      const double tick = worked();
      pool.tick();
      ours_ += worked() - tick;
    }
    ours_ = (ours_ - busy_) / static_cast<double>(samples_);
    return latencies;
  }

  /// Of the pool's own work, per run and tick, in the run before: all but the network.
  double ours() const { return ours_; }

  double evaluation(std::int64_t samples) {
    const Batch x = Batch::Random(pixels, samples);
    Batch mean;
    const auto at = denoiser(std::vector<std::int64_t>(static_cast<std::size_t>(samples), 3));
    for (int i = 0; i < 5; ++i) at(x, 0.5, mean);
    const auto begin = Clock::now();
    for (int i = 0; i < 20; ++i) at(x, 0.5, mean);
    return seconds(Clock::now() - begin) / 20;
  }

 private:
  azula::OnnxNetwork network_;
  azula::VPSchedule schedule_;
  double busy_ = 0, ours_ = 0;
  Eigen::Index samples_ = 0;
};

struct Figures {
  double rate, median, late;
};

Figures figures(const std::vector<Job>& all, std::vector<double> latencies) {
  double end = 0;
  for (std::size_t i = 0; i < all.size(); ++i) end = std::max(end, all[i].arrival + latencies[i]);
  std::sort(latencies.begin(), latencies.end());
  return {static_cast<double>(all.size()) / end, latencies[count / 2], latencies[count * 95 / 100]};
}

double median(const std::vector<Figures>& of, double Figures::*figure) {
  std::vector<double> values;
  for (const Figures& one : of) values.push_back(one.*figure);
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// Everything once per pass, one right after the other.
void serve(Server& server, const std::vector<Job>& all) {
  constexpr int passes = 3;
  const char* const names[]{"one after the other", "waiting for batches of 8", "azula::Pool"};
  std::vector<Figures> measured[3];
  for (int pass = 0; pass < passes; ++pass) {
    measured[0].push_back(figures(all, server.one_by_one(all)));
    measured[1].push_back(figures(all, server.together(all, true)));
    measured[2].push_back(figures(all, server.together(all, false)));
  }
  std::printf("| | images a second | median latency in s | 95th percentile |\n|---|---|---|---|\n");
  for (int k = 0; k < 3; ++k) {
    std::printf("| %s | %.1f | %.2f | %.2f |\n", names[k], median(measured[k], &Figures::rate),
                median(measured[k], &Figures::median), median(measured[k], &Figures::late));
  }
  std::printf("\nall but the network: %.2f us per run and tick\n\n", 1e6 * server.ours());
}

/// Microseconds per run and step with a network that does nothing: alone, and in a pool of `runs`.
template <class M>
void empty(const char* name, const M& method) {
  const auto network = [](const Batch& input, const auto&, Batch& output) { output = input; };
  const azula::KarrasDenoiser denoiser(network, azula::VPSchedule{});
  constexpr std::ptrdiff_t steps = 5'000;
  const azula::Sampler sampler(denoiser, method, {.start = 0.9, .stop = 0.1, .steps = steps, .silent = true});
  const auto per_step = [&](std::ptrdiff_t runs, const auto& work) {
    const double begin = worked();
    work();
    return 1e6 * (worked() - begin) / static_cast<double>(steps * runs);
  };
  const auto in_pool = [&](std::ptrdiff_t runs) {
    azula::Pool<Batch> pool(denoiser, {.capacity = capacity});
    for (std::ptrdiff_t i = 0; i < runs; ++i) {
      pool.submit(sampler, Batch::Random(pixels, 1), {.random = azula::NormalSource(static_cast<std::uint64_t>(i))});
    }
    return per_step(runs, [&] {
      while (pool.tick()) {
      }
    });
  };
  const Batch x = Batch::Random(pixels, 1);
  azula::NormalSource random(1);
  const double alone = per_step(1, [&] { sampler(x, random); });
  std::printf("| %s | %.2f | %.2f | %.2f |\n", name, alone, in_pool(1), in_pool(capacity));
}

void measure(int threads) {
  Server server(threads);
  const double one = server.evaluation(1), eight = server.evaluation(8), most = server.evaluation(capacity);
  std::printf("%d threads; an evaluation of 1, 8 and %td images takes %.2f, %.2f and %.2f ms\n", threads, capacity,
              1e3 * one, 1e3 * eight, 1e3 * most);
  constexpr double mean_steps = 17;
  const double gap = mean_steps * one / 1.4;
  std::printf("%zu requests, %.1f a second\n\n", count, 1 / gap);
  serve(server, jobs(gap));
  std::printf("| us per run and step | alone | 1 in a pool | %td in a pool |\n|---|---|---|---|\n", capacity);
  empty("Euler", azula::Euler{});
  empty("xEAB3", azula::xEAB<3>{});
  empty("DDPM", azula::DDPM{});
}

}  // namespace

int main(int argc, char** argv) try {
  measure(argc > 1 ? std::atoi(argv[1]) : 2);
} catch (const std::exception& error) {
  std::fprintf(stderr, "azula_pool_bench: %s\n", error.what());
  return 1;
}
