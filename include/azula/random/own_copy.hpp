#pragma once
/// \file

#include "azula/random/shard_source.hpp"

namespace azula {

/// A copy of a random source that shares nothing with it: what a thread draws from.
template <class Source>
class OwnCopy {
 public:
  explicit OwnCopy(const Source& source) : source_(source) {}

  Source& source() { return source_; }

 private:
  Source source_;
};

/// That of a part of a batch has a copy of the whole batch's source, too.
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
