// Serves many requests for images at once, with one network.
//
// It reads requests from the standard input, one JSON object per line, also while it draws. It writes the images to
// files, and for each request that ends a JSON line with the latency to the standard output.
//
//   {"id": 1, "class": 8, "method": "xEAB2", "steps": 12, "guidance": 2, "seed": 5, "file": "bag.png"}
//   {"id": "b", "file": "any.png", "preview": "soon.png"}      defaults for the rest; writes a preview at each step
//   {"cancel": "b"}
//
//   serve < requests.jsonl      ends when all requests have ended

#include "common/fashion_network.hpp"
#include "common/fashion_times.hpp"
#include "common/image.hpp"
#include "common/options.hpp"

#include <azula/azula.hpp>
#include <azula/guide.hpp>
#include <azula/method/any_method.hpp>
#include <azula/sample/pool.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <iostream>
#include <map>
#include <mutex>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace {

using namespace examples;
using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

/// What the network has to know of a request.
struct Wish {
  int label;
  double guidance;
};

/// A line of the input, checked: what is wrong in it must not reach the others' batch.
struct Request {
  Json id;
  Wish wish;
  std::string method, file, preview;
  std::ptrdiff_t steps;
  std::uint64_t seed;
};

double number(const Json& line, const char* key, double preset, double low, double high) {
  if (!line.contains(key)) return preset;
  const Json& value = line.at(key);
  if (!value.is_number() || value.get<double>() < low || value.get<double>() > high) {
    throw std::invalid_argument(std::string(key) + " must be a number from " + azula::show(low) + " to " +
                                azula::show(high) + ", got " + value.dump());
  }
  return value.get<double>();
}

double whole(const Json& line, const char* key, double preset, double low, double high) {
  const double value = number(line, key, preset, low, high);
  if (value == std::floor(value)) return value;
  throw std::invalid_argument(std::string(key) + " must be a whole number, got " + line.at(key).dump());
}

std::string text(const Json& line, const char* key, const std::string& preset) {
  if (!line.contains(key)) return preset;
  if (line.at(key).is_string()) return line.at(key).get<std::string>();
  throw std::invalid_argument(std::string(key) + " must be a string, got " + line.at(key).dump());
}

Request read(const Json& line) {
  static const std::array keys{"id", "class", "method", "steps", "guidance", "seed", "file", "preview"};
  for (const auto& [key, value] : line.items()) {
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
      throw std::invalid_argument("there is no \"" + key + "\" in a request");
    }
  }
  for (const char* key : {"id", "file"}) {
    if (!line.contains(key)) throw std::invalid_argument(std::string(key) + " must be there, got none");
  }
  const double label = whole(line, "class", FashionNetwork::any_class, 0, FashionNetwork::any_class);
  return {.id = line.at("id"),
          .wish = {static_cast<int>(label), number(line, "guidance", 2, 0, 100)},
          .method = text(line, "method", "BoundedxEAB2"),
          .file = text(line, "file", ""),
          .preview = text(line, "preview", ""),
          .steps = static_cast<std::ptrdiff_t>(whole(line, "steps", 12, 2, 1000)),
          .seed = static_cast<std::uint64_t>(whole(line, "seed", 1, 0, 9e15))};
}

void write(const std::string& file, const Eigen::ArrayXXf& image) {
  write_png(file, montage(image, {.columns = 1, .scale = 3, .margin = 4, .background = 0, .side = 28}));
}

const char* name(azula::PoolOutcome outcome) {
  constexpr std::array names{"finished", "stopped", "cancelled", "failed"};
  return names[static_cast<std::size_t>(outcome)];
}

class Server {
 public:
  explicit Server(std::ptrdiff_t capacity)
      : network_(AZULA_EXAMPLES_DATA "/fashion.safetensors"),
        pool_([this](std::span<const Wish> wishes) { return denoiser(wishes); }, {.capacity = capacity}),
        worker_([this] { pool_.run(); }) {}

  ~Server() {
    pool_.close();
    worker_.join();
  }

  /// One line of the input. What is wrong with it is the answer.
  void take(const std::string& line, int number) {
    Json answer{{"outcome", "refused"}, {"line", number}};
    try {
      const Json said = Json::parse(line);
      if (!said.is_object()) throw std::invalid_argument("a line must be an object, got " + said.dump());
      for (const char* key : {"id", "cancel"}) {
        if (said.contains(key)) answer[key] = said.at(key);
      }
      return said.contains("cancel") ? cancel(said.at("cancel")) : submit(read(said));
    } catch (const std::exception& error) {
      answer["error"] = error.what();
    }
    say(answer);
  }

 private:
  using Pool = azula::Pool<Eigen::ArrayXXf, Wish>;
  using Denoiser = azula::KarrasDenoiser<FashionNetwork, azula::VPSchedule>;

  azula::GuidedDenoiser<Denoiser, Denoiser, Eigen::ArrayXd> denoiser(std::span<const Wish> wishes) const {
    const auto count = static_cast<Eigen::Index>(wishes.size());
    Eigen::ArrayXi labels(count);
    Eigen::ArrayXd weights(count);
    for (Eigen::Index i = 0; i < count; ++i) {
      labels(i) = wishes[static_cast<std::size_t>(i)].label;
      weights(i) = wishes[static_cast<std::size_t>(i)].guidance;
    }
    const Denoiser positive(network_.conditioned(labels), schedule_), negative(network_, schedule_);
    return {positive, negative, weights, {.low = 0.1, .high = 20}};
  }

  void submit(const Request& request) {
    azula::AnyMethod method(request.method);
    if (method.has("lower_order_final")) method = azula::AnyMethod(request.method, {{"lower_order_final", 1}});
    const azula::Sampler sampler(Denoiser(network_, schedule_), method, fashion_times(schedule_, request.steps),
                                 {.silent = true});
    azula::NormalSource random(request.seed);
    Eigen::ArrayXXf x(FashionNetwork::pixels, 1);
    sampler.init(x, random);

    const std::lock_guard lock(mutex_);  // it may end before it is in the list
    if (under_way_.contains(request.id)) throw std::invalid_argument("this id is under way already");
    const auto begin = Clock::now();
    const auto end = [=, this](const azula::PoolEnd<Eigen::ArrayXXf>& told) { ended(request, told, begin); };
    Pool::Request wanted{.random = random, .condition = request.wish, .end = end};
    if (!request.preview.empty()) {
      wanted.step = [file = request.preview](const auto&, const auto&, const Eigen::ArrayXXf& mean) {
        write(file, mean);
        return true;
      };
    }
    under_way_[request.id] = pool_.submit(sampler, std::move(x), std::move(wanted));
  }

  void cancel(const Json& id) {
    const std::lock_guard lock(mutex_);
    const auto found = under_way_.find(id);
    if (found == under_way_.end()) throw std::invalid_argument("no request of this id is under way");
    pool_.cancel(found->second);
  }

  void ended(const Request& request, const azula::PoolEnd<Eigen::ArrayXXf>& told, Clock::time_point begin) {
    Json answer{{"id", request.id}, {"outcome", name(told.outcome)}, {"steps", told.steps}};
    try {
      if (told.error) std::rethrow_exception(told.error);
      if (told.outcome == azula::PoolOutcome::finished) {
        write(request.file, told.state);
        answer["file"] = request.file;
      }
    } catch (const std::exception& error) {
      answer["outcome"] = "failed";
      answer["error"] = error.what();
    }
    answer["seconds"] = std::chrono::duration<double>(Clock::now() - begin).count();
    {
      const std::lock_guard lock(mutex_);
      under_way_.erase(request.id);
    }
    say(answer);
  }

  void say(const Json& answer) {
    const std::string line = answer.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    const std::lock_guard lock(output_);
    std::cout << line << std::flush;
  }

  azula::VPSchedule schedule_;
  FashionNetwork network_;
  std::mutex mutex_, output_;
  std::map<Json, std::uint64_t> under_way_;  // numbers in the pool
  Pool pool_;
  std::thread worker_;
};

}  // namespace

int main(int argc, char** argv) {
  return examples::guarded("serve", [&] {
    std::ptrdiff_t capacity = 16;
    Options options("serve", "draws clothes for requests, one JSON object a line on the standard input");
    options.number("--capacity", "images under way at once", std::ptrdiff_t{1}, capacity);
    if (!options.parse(argc, argv)) return 0;
    Server server(capacity);
    int number = 0;
    for (std::string line; std::getline(std::cin, line);) {
      ++number;
      if (line.find_first_not_of(" \t\r") != std::string::npos) server.take(line, number);
    }
    return 0;
  });
}
