#include "any_method.hpp"

#include <azula/method.hpp>

#include <stdexcept>
#include <utility>

namespace examples {
namespace {

using Append = std::function<void(std::vector<azula::Stage>&, const azula::TimeGrid&, std::size_t)>;

struct Entry {
  std::string name;
  int most;  // the highest order; 0 for a method without orders
  int preset;
  std::function<Append(int order, bool lower_order_final)> make;
};

template <class Method>
Append append_of(Method method, bool lower_order_final = false) {
  static_assert(Method::history <= AnyMethod::history);
  if constexpr (requires { method.lower_order_final; }) {
    if (lower_order_final) method.lower_order_final = true;  // some do so anyway
  }
  return [method](std::vector<azula::Stage>& stages, const azula::TimeGrid& grid, std::size_t i) {
    method.append(stages, grid, i);
  };
}

template <int Order>
using BoundedData = decltype(azula::Bounded{azula::xEAB<Order>{}});

template <int Order>
using Fixed = azula::FixedAB<Order>;

template <class Method>
Entry one(std::string name) {
  return {std::move(name), 0, 0, [](int, bool) { return append_of(Method{}); }};
}

template <template <int> class Method, int Order, int Most>
Append with_order(int order, bool lower_order_final) {
  if constexpr (Order < Most) {
    if (order > Order) return with_order<Method, Order + 1, Most>(order, lower_order_final);
  }
  return append_of(Method<Order>{}, lower_order_final);
}

template <template <int> class Method, int Most, int Preset = 2>
Entry several(std::string name) {
  return {std::move(name), Most, Preset, &with_order<Method, 1, Most>};
}

const std::vector<Entry>& entries() {
  static const std::vector<Entry> all{
      one<azula::DDPM>("DDPM"),
      one<azula::DDIM>("DDIM"),
      one<azula::Euler>("Euler"),
      one<azula::Heun>("Heun"),
      one<azula::Ito>("Ito"),
      several<azula::zAB, 8>("zAB"),
      several<azula::vAB, 8>("vAB"),
      several<azula::zEAB, 8>("zEAB"),
      several<azula::xEAB, 8>("xEAB"),
      several<azula::REAB, 8>("REAB"),
      one<azula::PC>("PC"),
      several<Fixed, 4, 3>("FixedAB"),
      several<BoundedData, 8>("BoundedxEAB"),
      several<azula::tAB, 8>("tAB"),
      several<azula::UniPC, 7, 3>("UniPC"),
      one<azula::DPM2>("DPM2"),
      one<azula::DPMSolver2S>("DPMSolver2S"),
      one<azula::DPMSolver3S>("DPMSolver3S"),
      one<azula::ExponentialHeun>("ExponentialHeun"),
      one<azula::RK4>("RK4"),
      one<azula::VelocityHeun>("VelocityHeun"),
      one<azula::VelocityMidpoint>("VelocityMidpoint"),
      one<azula::VelocityRK4>("VelocityRK4"),
      one<azula::EulerAncestral>("EulerAncestral"),
      one<azula::FlowAncestral>("FlowAncestral"),
      one<azula::Renoise>("Renoise"),
      one<azula::TCD>("TCD"),
      one<azula::DPM2Ancestral>("DPM2Ancestral"),
      one<azula::DPMSolver2SAncestral>("DPMSolver2SAncestral"),
      one<azula::DPMSolverSDE>("DPMSolverSDE"),
      several<azula::DPMSolverMultistepSDE, 8>("DPMSolverMultistepSDE"),
      several<azula::DPMSolverNoiseSDE, 2>("DPMSolverNoiseSDE"),
      several<azula::SASolver, 7, 3>("SASolver"),
      several<azula::ERSDE, 3, 3>("ERSDE"),
  };
  return all;
}

[[noreturn]] void fail(const std::string& name) {
  std::string list;
  for (const Entry& entry : entries()) {
    list += (list.empty() ? "" : ", ") + entry.name;
    if (entry.most > 0) list += "(1-" + std::to_string(entry.most) + ")";
  }
  throw std::invalid_argument("a method must be one of " + list + ", got \"" + name + '"');
}

}  // namespace

AnyMethod::AnyMethod(const std::string& name, bool lower_order_final) : name_(name) {
  for (const Entry& entry : entries()) {
    if (!name.starts_with(entry.name)) continue;
    const std::string suffix = name.substr(entry.name.size());
    int order = entry.preset;
    if (!suffix.empty()) {
      order = suffix.size() == 1 ? suffix[0] - '0' : 0;
      if (order < 1 || order > entry.most) continue;
    }
    append_ = entry.make(order, lower_order_final);
    return;
  }
  fail(name);
}

}  // namespace examples
