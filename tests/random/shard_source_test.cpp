#include "azula/random/shard_source.hpp"

#include <Eigen/Core>

#include <cstdint>
#include <stdexcept>
#include <vector>

#include "azula/concepts.hpp"
#include "azula/random/brownian_source.hpp"
#include "azula/random/clock.hpp"
#include "azula/random/normal_source.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"

using azula::Draw;
using azula::NormalSource;
using azula::ShardSource;

static_assert(azula::AddressedSource<ShardSource<NormalSource>, float>);

namespace {

template <class Source>
Eigen::ArrayXd values(Source& source, const Draw& draw) {
  Eigen::ArrayXd out(draw.shape.samples * draw.shape.size);
  source.next(draw).fill(out, 0);
  return out;
}

}  // namespace

TEST_CASE("a shard's draws are its part of those of the whole batch", "[normal]") {
  NormalSource whole(3, 40), also(3, 40), later(3, 43);
  ShardSource shard(also, {10, 7}, 3);
  for (int k = 0; k < 3; ++k) {
    const Eigen::ArrayXd part = values(shard, {{4, 7}});
    CHECK((part == values(whole, {{10, 7}}).segment(3 * 7, 4 * 7)).all());
    CHECK((part == values(later, {{4, 7}})).all());
    CHECK(also.draw() == whole.draw());
  }
}

TEST_CASE("a shard has its part of a list of seeds", "[normal]") {
  NormalSource whole(std::vector{5, 6, 7, 8});
  NormalSource part(std::vector{7, 8});
  ShardSource shard(whole, {4, 9}, 2);
  CHECK((values(shard, {{2, 9}}) == values(part, {{2, 9}})).all());
}

TEST_CASE("a shard of a Brownian path gets the step's times", "[brownian]") {
  azula::BrownianSource whole(5, azula::time_clock()), also(5, azula::time_clock());
  ShardSource shard(also, {4, 3}, 1);
  const Eigen::ArrayXd all = values(whole, {{4, 3}, 0.75, 0.25});
  CHECK((values(shard, {{2, 3}, 0.75, 0.25}) == all.segment(3, 6)).all());
}

TEST_CASE("a shard lies within the batch", "[normal]") {
  NormalSource source(1);
  const auto ask = [&](std::ptrdiff_t first, azula::SampleShape shape) {
    return complaint<std::invalid_argument>([&] { ShardSource(source, {10, 7}, first).next({shape}); });
  };
  CHECK(ask(6, {4, 7}).empty());
  CHECK(ask(7, {4, 7}) == "azula::ShardSource: samples must be among 10 of 7 values from number 0 on, got 4 of 7 "
                          "values from number 7 on");
  CHECK_FALSE(ask(-1, {4, 7}).empty());
  CHECK_FALSE(ask(0, {4, 8}).empty());
  CHECK(source.draw() == 1);
}
