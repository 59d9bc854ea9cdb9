/// \file
/// Measures the time that azula adds to the evaluations of a network.
///
/// It compares every update with a loop written by hand, and times whole runs and the construction of a sampler: for
/// -O2 and -O3, with and without -march=x86-64-v3, all in one run.
///
///     update_bench [passes, 15] [Google Benchmark's options]
///
/// Each pass measures everything once, a hand-written loop immediately before or after the code that is compared with
/// it. The tables show medians over the passes, of times and of ratios within a pass. So other load on the machine does
/// little harm.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "variant.hpp"

namespace {

using Passes = std::vector<double>;  // nanoseconds per iteration
const std::vector<std::string> flags = {"O2", "O3", "O2_v3", "O3_v3"};
const std::vector<long> sizes = {3, 32, 3072, 16384, 786432, 3145728};

std::string name(const bench::Case& c, const std::string& variant) {
  return c.what + "/" + (c.detail.empty() ? "" : c.detail + "/") + std::to_string(c.floats) + "/" + c.who +
         "/" + variant;
}

/// Google Benchmark's console, which also keeps the times.
class Keeper : public benchmark::ConsoleReporter {
 public:
  Keeper() : ConsoleReporter(OO_Tabular) {}

  bool ReportContext(const Context& context) override {
    return !kept.empty() || ConsoleReporter::ReportContext(context);
  }

  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.run_type == Run::RT_Iteration)
        kept[run.run_name.function_name].push_back(run.GetAdjustedCPUTime());
    }
  }

  std::map<std::string, Passes> kept;
};

double median(Passes values) {
  std::sort(values.begin(), values.end());
  const std::size_t n = values.size();
  return n == 0 ? 0 : (values[(n - 1) / 2] + values[n / 2]) / 2;
}

class Tables {
 public:
  Tables(std::map<std::string, Passes> times, std::vector<bench::Case> cases)
      : times_(std::move(times)), cases_(std::move(cases)) {}

  /// `who` over `base`, for every update and size.
  void ratios(const char* who, const char* variant, const char* base, const char* base_variant) const {
    std::printf("\n%s %s / %s %s\n%-22s", who, variant, base, base_variant, "");
    for (const long n : sizes) std::printf("%10ld", n);
    std::string row;
    double small = 0, large = 0;
    for (const bench::Case& c : cases_) {
      if (c.what != "update" || c.who != base) continue;
      if (row != c.detail) std::printf("\n%-22s", (row = c.detail).c_str());
      bench::Case other = c;
      other.who = who;
      const double r = ratio(name(other, variant), name(c, base_variant));
      (c.floats < 3072 ? small : large) = std::max(c.floats < 3072 ? small : large, r);
      std::printf("%10.2f", r);
    }
    std::printf("\nlargest: %.2f below 3072, %.2f from there on\n", small, large);
  }

  /// Bytes read and written per second, and what a loop that copies reaches, compiled with `copy_variant`.
  void bandwidth(const char* who, const char* variant, const char* copy_variant) const {
    std::printf("\nGB/s, %s %s; copy: loop %s\n%-22s", who, variant, copy_variant, "");
    for (const long n : sizes) std::printf("%10ld", n);
    std::string row;
    for (const bench::Case& c : cases_) {
      const bool copy = c.what == "copy";
      if (!copy && (c.what != "update" || c.who != who)) continue;
      if (row != c.what + c.detail) std::printf("\n%-22s%s", copy ? "copy" : c.detail.c_str(), copy ? copy_indent : "");
      row = c.what + c.detail;
      std::printf("%10.1f", c.bytes / time(name(c, copy ? copy_variant : variant)));
    }
    std::printf("\n");
  }

  /// Updates of states of 16 bits over those of floats.
  void types() const {
    std::printf("\nupdate of a type / update of floats               ");
    for (const std::string& variant : flags) std::printf("%10s", variant.c_str());
    for (const bench::Case& c : cases_) {
      if (c.what != "type" || c.who == "float") continue;
      std::printf("\n%-26s%-24s", c.who.c_str(), c.detail.c_str());
      bench::Case floats = c;
      floats.who = "float";
      for (const std::string& variant : flags) std::printf("%10.2f", ratio(name(c, variant), name(floats, variant)));
    }
    std::printf("\n");
  }

  /// A step with noise over what its two parts cost alone.
  void noise() const {
    std::printf("\nstep with noise / (update + noise)    floats");
    for (const std::string& variant : flags) std::printf("%10s", variant.c_str());
    for (const bench::Case& c : cases_) {
      if (c.what != "noise" || c.who != "step") continue;
      std::printf("\n%-34s%10ld", "", c.floats);
      for (const std::string& variant : flags) {
        bench::Case update = c, noise = c;
        update.who = "update";
        noise.who = "noise";
        std::printf("%10.2f", time(name(c, variant)) / (time(name(update, variant)) + time(name(noise, variant))));
      }
    }
    std::printf("\n");
  }

  /// Microseconds of everything else.
  void rest() const {
    std::printf("\nmicroseconds                            floats");
    for (const std::string& variant : flags) std::printf("%10s", variant.c_str());
    for (const bench::Case& c : cases_) {
      if (c.what != "run" && c.what != "build") continue;
      std::printf("\n%-6s%-30s%10ld", c.what.c_str(), c.detail.c_str(), c.floats);
      for (const std::string& variant : flags) std::printf("%10.1f", time(name(c, variant)) / 1e3);
    }
    std::printf("\n");
  }

 private:
  static constexpr const char* copy_indent = "                    ";  // not at 3 and 32 floats

  double time(const std::string& of) const {
    const auto found = times_.find(of);
    return found == times_.end() ? 0 : median(found->second);
  }

  double ratio(const std::string& over, const std::string& under) const {
    const auto a = times_.find(over), b = times_.find(under);
    if (a == times_.end() || b == times_.end()) return 0;
    Passes ratios;
    for (std::size_t i = 0; i < std::min(a->second.size(), b->second.size()); ++i) {
      ratios.push_back(a->second[i] / b->second[i]);
    }
    return median(ratios);
  }

  std::map<std::string, Passes> times_;
  std::vector<bench::Case> cases_;
};

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  const int passes = argc > 1 ? std::atoi(argv[1]) : 15;
  const std::vector<std::vector<bench::Case>> all = {azula_O2::cases(), azula_O3::cases(),
                                                     azula_O2_v3::cases(), azula_O3_v3::cases()};
  // Neighbours in time are what is compared: loop, kernel and advance of all four sets of flags.
  for (std::size_t i = 0; i < all[0].size();) {
    std::size_t end = i;
    while (end < all[0].size() && all[0][end].detail == all[0][i].detail &&
           all[0][end].floats == all[0][i].floats)
      ++end;
    for (std::size_t v = 0; v < flags.size(); ++v) {
      for (std::size_t j = i; j < end; ++j) {
        const bench::Case& c = all[v][j];
        benchmark::RegisterBenchmark(name(c, flags[v]).c_str(), c.run, c.floats)->Iterations(c.iterations);
      }
    }
    i = end;
  }
  Keeper keeper;
  for (int pass = 0; pass < passes; ++pass) benchmark::RunSpecifiedBenchmarks(&keeper);
  benchmark::Shutdown();

  const Tables tables(keeper.kept, all[0]);
  for (const char* who : {"kernel", "advance"}) {
    tables.ratios(who, "O3", "loop", "O3");
    tables.ratios(who, "O3_v3", "loop", "O3_v3");
    tables.ratios(who, "O2", who, "O3");
    tables.ratios(who, "O2_v3", who, "O3_v3");
  }
  tables.ratios("loop", "O2", "loop", "O3");
  tables.bandwidth("advance", "O2", "O3");
  tables.bandwidth("advance", "O3_v3", "O3_v3");
  tables.types();
  tables.noise();
  tables.rest();
}
