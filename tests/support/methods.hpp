#pragma once
/// \file

#include "azula/method.hpp"

/// Calls f(method) with one of each of the methods of the Python package.
template <class F>
void each_method(F&& f) {
  f(azula::DDPM{});
  f(azula::DDIM{.eta = 0.5});
  f(azula::Euler{});
  f(azula::Heun{});
  f(azula::Ito{.eta = 0.5, .temperature = 0.9});
  f(azula::zAB<3>{});
  f(azula::vAB<4>{});
  f(azula::zEAB<2>{});
  f(azula::xEAB<3>{});
  f(azula::REAB<3>{});
  f(azula::PC{.corrections = 2, .delta = 0.1});
}
