#pragma once
/// \file

#include "azula/random/shard_source.hpp"

namespace azula {

/// An independent copy of a random source, so that each thread can draw from a source of its own.
///
/// A source that refers to another one needs a specialisation that copies both, as ShardSource has.
template <class Source>
class OwnCopy {
 public:
  explicit OwnCopy(const Source& source) : source_(source) {}

  Source& source() { return source_; }

 private:
  Source source_;
};

/// The copy of a ShardSource, which owns a copy of the source of the whole batch as well.
template <class Whole>
class OwnCopy<ShardSource<Whole>> {
 public:
  explicit OwnCopy(const ShardSource<Whole>& shard) : whole_(shard.source()), shard_(shard.over(whole_.source())) {}
  OwnCopy(const OwnCopy&) = delete;  // shard_ refers to whole_
  OwnCopy& operator=(const OwnCopy&) = delete;

  ShardSource<Whole>& source() { return shard_; }

 private:
  OwnCopy<Whole> whole_;
  ShardSource<Whole> shard_;
};

}  // namespace azula
