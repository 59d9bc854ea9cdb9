#pragma once
/// \file

#include <cstddef>
#include <string>
#include <utility>

#include "azula/error.hpp"
#include "azula/random/draw.hpp"
#include "azula/sample_shape.hpp"

namespace azula {

/// The noise of a part of a larger batch, so that samples drawn in parts equal the samples of the whole batch.
///
/// It works with any source whose values have addresses (AddressedSource in concepts.hpp), also with a seed per sample.
///
///     NormalSource random(seeds);                            // one seed for each of 1000 samples
///     ShardSource part(random, {1000, 784}, 400);            // the part from sample 400 on
///     sampler(x, part);                                      // x: samples 400, 401, … of the batch
///
/// It holds a reference: the source belongs to the caller, advances, and must outlive the ShardSource. Copies share it.
/// For a copy with a source of its own, copy the source and call over().
template <class Source>
class ShardSource {
  using WholeDraw = decltype(std::declval<Source&>().next(std::declval<const Draw&>()));

 public:
  /// The part of a draw of the whole batch that belongs to these samples.
  class PartOfDraw {
   public:
    /// \param start  flat index, in the draw of the whole batch, of the first value of the part
    PartOfDraw(WholeDraw draw, std::ptrdiff_t start) : draw_(std::move(draw)), start_(start) {}

    /// Writes the values with flat indices offset, offset + 1, … of the part.
    template <class Out>
    void fill(Out&& out, std::ptrdiff_t offset) const {
      draw_.fill(std::forward<Out>(out), start_ + offset);
    }

    const WholeDraw& whole() const { return draw_; }        ///< the draw of the whole batch
    std::ptrdiff_t start() const { return start_; }         ///< flat index in it of the first value of the part

   private:
    WholeDraw draw_;
    std::ptrdiff_t start_;
  };

  /// \param whole  shape of the whole batch: samples, and values per sample
  /// \param first  number, in the whole batch, of the first sample of the part
  ShardSource(Source& source, SampleShape whole, std::ptrdiff_t first)
      : source_(&source), whole_(whole), first_(first) {}

  /// The same part of the batch from another source.
  ShardSource over(Source& source) const { return ShardSource(source, whole_, first_); }
  const Source& source() const { return *source_; }  ///< the source of the whole batch

  /// Returns the part of the source's next draw.
  /// \throws std::invalid_argument if the requested samples are not all in the batch; also whatever the source throws.
  PartOfDraw next(const Draw& draw) {
    if (first_ < 0 || first_ + draw.shape.samples > whole_.samples || draw.shape.size != whole_.size) {
      reject("ShardSource", "samples must be among " + text(0, whole_), text(first_, draw.shape));
    }
    return PartOfDraw(source_->next(Draw{whole_, draw.from, draw.to}), first_ * whole_.size);
  }

 private:
  static std::string text(std::ptrdiff_t first, const SampleShape& shape) {
    return std::to_string(shape.samples) + " of " + std::to_string(shape.size) + " values from number " +
           std::to_string(first) + " on";
  }

  Source* source_;
  SampleShape whole_;
  std::ptrdiff_t first_;
};

}  // namespace azula
