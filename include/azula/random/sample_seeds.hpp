#pragma once
/// \file

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "azula/error.hpp"
#include "azula/random/noise_address.hpp"
#include "azula/sample_shape.hpp"

namespace azula {

/// A range of integers, used as one seed per sample. The standard concept would need the header `ranges`, which would
/// slow down the compilation of every program.
template <class R>
concept SeedRange = requires(const R& seeds) {
  std::end(seeds);
  requires std::integral<std::remove_cvref_t<decltype(*std::begin(seeds))>>;
};

/// The seed and the sample number of each sample of a batch, which the noise sources need.
///
/// Either all samples share one seed and are numbered from `first` on, or each sample has a seed of its own and is
/// sample 0 of that seed. Cheap to copy.
class SampleSeeds {
 public:
  /// What identifies the noise of a sample.
  struct Identity {
    std::uint64_t seed;    ///< seed of the sample
    std::uint64_t number;  ///< number of the sample under this seed
  };

  /// Uses one seed for all samples.
  /// \param owner  the class that messages name
  /// \throws std::invalid_argument if first is negative or at least 2^48.
  SampleSeeds(const char* owner, std::uint64_t seed, std::int64_t first)
      : owner_(owner), seed_(seed), first_(first) {
    require(first >= 0, owner_, "the first sample must be at least 0", static_cast<double>(first));
    check_number(first);
  }

  /// Uses one seed per sample.
  template <SeedRange Seeds>
  SampleSeeds(const char* owner, const Seeds& seeds) : owner_(owner) {
    std::vector<std::uint64_t> list;
    for (const auto seed : seeds) list.push_back(static_cast<std::uint64_t>(seed));
    seeds_ = std::make_shared<const std::vector<std::uint64_t>>(std::move(list));
  }

  /// Checks that the seeds suit a batch.
  /// \throws std::invalid_argument if there is a seed per sample and the batch has another length, or if the batch
  /// exceeds the limits of NoiseAddress.
  void check(const SampleShape& shape) const {
    if (seeds_ && shape.samples != static_cast<std::ptrdiff_t>(seeds_->size())) {
      reject(owner_, "one seed per sample is needed",
             join({std::to_string(seeds_->size()), " seeds for ", std::to_string(shape.samples), " samples"}));
    }
    require(shape.size <= NoiseAddress::max_elements, owner_, "a sample must have at most 2^34 values",
            static_cast<double>(shape.size));
    check_number(first_ + shape.samples);
  }

  /// The seed and number of sample i of the batch. Beyond the end of a list of seeds it is the last one, because blocks
  /// of noise may reach past the end of the batch.
  Identity operator[](std::ptrdiff_t i) const {
    if (!seeds_) return {seed_, static_cast<std::uint64_t>(first_ + i)};
    return {(*seeds_)[(std::min)(static_cast<std::size_t>(i), seeds_->size() - 1)], 0};
  }

  std::int64_t first() const { return first_; }  ///< number of the first sample

  /// Writes all seeds to a ByteWriter.
  template <class Bytes>
  void save(Bytes& out) const {
    out.number(seeds_ ? 1 : 0);
    if (!seeds_) {
      out.number(seed_).number(static_cast<std::uint64_t>(first_));
    } else {
      out.number(seeds_->size()).values(seeds_->data(), seeds_->size());
    }
  }

  /// Reads the seeds that save() wrote from a ByteReader.
  template <class Bytes>
  SampleSeeds restored(Bytes& in) const {
    const std::uint64_t listed = in.number("the kind of seeds");
    require(listed <= 1, owner_, "saved seeds must be one, 0, or a list, 1", static_cast<double>(listed));
    if (listed == 0) {
      const std::uint64_t seed = in.number("the seed"), first = in.number("the first sample");
      return SampleSeeds(owner_, seed, static_cast<std::int64_t>(first));
    }
    const std::uint64_t count = in.number("the number of seeds");
    if (count > in.left() / sizeof(std::uint64_t)) in.raw(in.left() + 1, "the seeds");
    std::vector<std::uint64_t> list(static_cast<std::size_t>(count));
    in.values(list.data(), list.size(), "the seeds");
    return SampleSeeds(owner_, list);
  }

 private:
  void check_number(std::int64_t number) const {
    require(number < NoiseAddress::max_samples, owner_, "samples must be numbered below 2^48",
            static_cast<double>(number));
  }

  const char* owner_;
  std::uint64_t seed_ = 0;
  std::int64_t first_ = 0;
  std::shared_ptr<const std::vector<std::uint64_t>> seeds_;
};

}  // namespace azula
