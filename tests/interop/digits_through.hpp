#pragma once
/// \file
/// What the tests of every inference engine do with the digits network.

#include <azula/method/z_eab.hpp>
#include <azula/random/normal_source.hpp>
#include <azula/sample/sampler.hpp>

#include <Eigen/Core>
#include <unsupported/Eigen/CXX11/Tensor>

#include <algorithm>
#include <cstdint>
#include <thread>

#include "catch.hpp"

inline Eigen::ArrayXXf noise(Eigen::Index count, std::uint64_t seed = 5) {
  Eigen::ArrayXXf x(64, count);
  Eigen::Map<Eigen::ArrayXf> values(x.data(), x.size());
  azula::NormalSource(seed).fill(values);
  return x;
}

/// Checks that a denoiser of the digits gives the same bits for an array and a tensor, and from two threads.
template <class D>
void require_same_everywhere(const D& denoiser) {
  const azula::Sampler sampler(denoiser, azula::zEAB<2>{}, {.steps = 5});
  const Eigen::ArrayXXf x = noise(6);
  const Eigen::ArrayXXf expected = sampler(x);
  REQUIRE(expected.isFinite().all());
  Eigen::Tensor<float, 3, Eigen::RowMajor> tensor(6, 8, 8);
  std::copy_n(x.data(), x.size(), tensor.data());
  const auto drawn = sampler(tensor);
  REQUIRE(std::equal(expected.data(), expected.data() + expected.size(), drawn.data()));
  Eigen::ArrayXXf other;
  std::thread thread([&] { other = sampler(x); });
  const Eigen::ArrayXXf again = sampler(x);
  thread.join();
  REQUIRE((other == expected).all());
  REQUIRE((again == expected).all());
}
