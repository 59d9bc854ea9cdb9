#pragma once
/// \file

#include <cstddef>
#include <string>
#include <utility>

#include "azula/error.hpp"
#include "azula/random/draw.hpp"
#include "azula/sample_shape.hpp"

namespace azula {

/// A part of a larger batch, as a source of its own: its draws are those that `source` makes for the whole
/// batch, from some sample on. For any source whose values have addresses (AddressedSource in concepts.hpp),
/// with a seed per sample too.
///
///     NormalSource random(seeds);                            // one seed for each of 1000 samples
///     ShardSource part(random, {1000, 784}, 400);            // those from sample 400 on
///     sampler(x, part);                                      // x: samples 400, 401, … of the batch
///
/// Holds a reference: the source belongs to the caller, advances, and must outlive this object. Copies share it; a
/// copy with a source of its own is over(copy of the source).
template <class Source>
class ShardSource {
  using WholeDraw = decltype(std::declval<Source&>().next(std::declval<const Draw&>()));

 public:
  /// Part of a draw of the whole batch.
  class PartOfDraw {
   public:
    /// From the value with flat index `start` on.
    PartOfDraw(WholeDraw draw, std::ptrdiff_t start) : draw_(std::move(draw)), start_(start) {}

    /// Writes the values with flat indices offset, offset + 1, … of the part.
    template <class Out>
    void fill(Out&& out, std::ptrdiff_t offset) const {
      draw_.fill(std::forward<Out>(out), start_ + offset);
    }

    const WholeDraw& whole() const { return draw_; }        ///< of which this is a part,
    std::ptrdiff_t start() const { return start_; }         ///< from this value on

   private:
    WholeDraw draw_;
    std::ptrdiff_t start_;
  };

  /// \param whole  the whole batch
  /// \param first  the sample of it that is the first one here
  ShardSource(Source& source, SampleShape whole, std::ptrdiff_t first)
      : source_(&source), whole_(whole), first_(first) {}

  /// The same part of the batch from another source.
  ShardSource over(Source& source) const { return ShardSource(source, whole_, first_); }
  const Source& source() const { return *source_; }  ///< that of the whole batch

  /// Opens the next draw of the source.
  /// \throws std::invalid_argument if the samples asked for are not all in the batch; what the source throws.
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
