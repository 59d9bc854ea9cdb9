#include "any_method.hpp"

#include <azula/method.hpp>

#include <array>
#include <stdexcept>
#include <utility>

namespace examples {
namespace {

using Stages = std::vector<azula::Stage>;
using Append = std::function<void(Stages&, const azula::TimeGrid&, std::size_t)>;

/// What a name stands for: a function of the order and of lower_order_final.
using Make = std::function<Append(int, bool)>;

struct Entry {
  std::string name;
  bool has_order;
  Make make;
};

template <class Method>
Append append_of(Method method) {
  static_assert(Method::history <= AnyMethod::history);
  return [method = std::move(method)](Stages& stages, const azula::TimeGrid& grid, std::size_t i) {
    method.append(stages, grid, i);
  };
}

template <class Method>
Entry one_step(std::string name) {
  return {std::move(name), false, [](int, bool) { return append_of(Method{}); }};
}

template <template <int> class Method>
Entry multistep(std::string name) {
  return {std::move(name), true, [](int order, bool lower_order_final) {
            const auto of_order = [=]<int... I>(std::integer_sequence<int, I...>) {
              const std::array<Append, sizeof...(I)> all{append_of(Method<I + 1>{.lower_order_final = lower_order_final})...};
              return all[static_cast<std::size_t>(order - 1)];
            };
            return of_order(std::make_integer_sequence<int, azula::max_order>());
          }};
}

const std::vector<Entry>& entries() {
  static const std::vector<Entry> all{
      one_step<azula::DDPM>("DDPM"),   one_step<azula::DDIM>("DDIM"),    one_step<azula::Euler>("Euler"),
      one_step<azula::Heun>("Heun"),   one_step<azula::Ito>("Ito"),      multistep<azula::zAB>("zAB"),
      multistep<azula::vAB>("vAB"),    multistep<azula::zEAB>("zEAB"),   multistep<azula::xEAB>("xEAB"),
      multistep<azula::REAB>("REAB"),  one_step<azula::PC>("PC"),
  };
  return all;
}

[[noreturn]] void fail(const std::string& name) {
  std::string list;
  for (const Entry& entry : entries()) {
    list += (list.empty() ? "" : ", ") + entry.name + (entry.has_order ? "<1..8>" : "");
  }
  throw std::invalid_argument("a method must be one of " + list + ", got \"" + name + '"');
}

}  // namespace

AnyMethod::AnyMethod(const std::string& name, bool lower_order_final) : name_(name) {
  for (const Entry& entry : entries()) {
    if (!name.starts_with(entry.name)) continue;
    const std::string order = name.substr(entry.name.size());
    if (!order.empty() && (!entry.has_order || order.size() > 1 || order < "1" || order > "8")) continue;
    append_ = entry.make(order.empty() ? 2 : order[0] - '0', lower_order_final);
    return;
  }
  fail(name);
}

const std::vector<std::string>& method_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> result;
    for (const Entry& entry : entries()) result.push_back(entry.name);
    return result;
  }();
  return names;
}

}  // namespace examples
