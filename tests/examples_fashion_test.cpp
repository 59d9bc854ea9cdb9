#include <Eigen/Core>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <stdexcept>
#include <string>

#include "azula/denoise/karras_denoiser.hpp"
#include "azula/guide/batched_guided_denoiser.hpp"
#include "azula/guide/guided_denoiser.hpp"
#include "azula/noise/vp_schedule.hpp"
#include "azula/random/normal_source.hpp"
#include "catch.hpp"
#include "common/digits_network.hpp"
#include "common/fashion_network.hpp"
#include "common/options.hpp"
#include "common/safetensors.hpp"
#include "support/complaint.hpp"
#include "support/temporary_file.hpp"

namespace {

using examples::FashionNetwork;
using examples::SafeTensors;

const std::filesystem::path data = AZULA_EXAMPLES_DATA;

const FashionNetwork& network() {
  static const FashionNetwork read(data / "fashion.safetensors");
  return read;
}

Eigen::ArrayXXf noise(Eigen::Index count) {
  Eigen::ArrayXXf x(FashionNetwork::pixels, count);
  Eigen::Map<Eigen::ArrayXf> values(x.data(), x.size());
  azula::NormalSource(3).fill(values);
  return x;
}

/// What reading the weights complains about, after a change to the bytes of their file.
template <class Change>
std::string reading(const Change& change) {
  std::ifstream file(data / "fashion.safetensors", std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  change(bytes);
  const TemporaryFile weights(bytes);
  const std::string what = complaint<std::runtime_error>([&] { FashionNetwork{weights.path()}; });
  REQUIRE(what.rfind(weights.path().string() + ": ", 0) == 0);
  return what;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("the clothes network gives the outputs of its training framework", "[examples]") {
  const SafeTensors check(data / "fashion_check.safetensors");
  const Eigen::MatrixXf x = check.matrix("x", 6, 784).transpose();
  const Eigen::MatrixXf y = check.matrix("y", 6, 784).transpose();
  const Eigen::VectorXf c = check.vector("c", 6);
  const Eigen::VectorXi label = check.vector("label", 6).cast<int>();
  REQUIRE(label(5) == FashionNetwork::any_class);
  for (Eigen::Index i = 0; i < 6; ++i) {
    const Eigen::MatrixXf one = x.col(i);
    Eigen::MatrixXf out(784, 1);
    network().conditioned(label.segment<1>(i))(one, static_cast<double>(c(i)), out);
    CHECK((out - y.col(i)).cwiseAbs().maxCoeff() < 1e-5F * y.col(i).cwiseAbs().maxCoeff());
  }
}

TEST_CASE("the clothes network gives an image the bits that it has alone also where each has its own time", "[examples]") {
  const Eigen::ArrayXXf x = noise(6);
  const Eigen::ArrayXd c{{-3.5, 0.3, 4, 0.3, 1, -2}};
  const Eigen::ArrayXi labels{{0, 3, 10, 7, 9, 5}};
  Eigen::ArrayXXf y = x, one(784, 1);
  network().conditioned(labels)(x, c, y);
  for (Eigen::Index i = 0; i < 6; ++i) {
    network().conditioned(labels.segment<1>(i))(Eigen::ArrayXXf(x.col(i)), c(i), one);
    CHECK((y.col(i) == one.col(0)).all());
  }
  CHECK(complaint<std::invalid_argument>([&] { network()(x, Eigen::ArrayXd(c.head(2)), y); }) ==
        "FashionNetwork: the times must be one, or one for each of 6 images, got 2");
}

TEST_CASE("the clothes network gives an image the same bits in every place of every batch", "[examples]") {
  const Eigen::ArrayXXf x = noise(11);  // more than two chunks
  Eigen::ArrayXi labels(11);
  labels << 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10;
  Eigen::ArrayXXf y = x;
  network().conditioned(labels)(x, -1.25, y);
  for (const Eigen::Index first : {0, 3, 4, 8}) {
    for (const Eigen::Index count : {1, 2, 3}) {
      const Eigen::ArrayXXf part = x.middleCols(first, count);
      Eigen::ArrayXXf again = part;
      network().conditioned(labels.segment(first, count))(part, -1.25, again);
      CHECK((again == y.middleCols(first, count)).all());
    }
  }
  Eigen::ArrayXXf none(784, 0);
  network()(none, -1.25, none);
}

TEST_CASE("the clothes network heeds its labels", "[examples]") {
  const Eigen::ArrayXXf x = noise(1);
  Eigen::ArrayXXf sandal = x, shirt = x, any = x, ten = x;
  network().conditioned(Eigen::ArrayXi::Constant(1, 5))(x, 0.5, sandal);
  network().conditioned(Eigen::ArrayXi::Constant(1, 6))(x, 0.5, shirt);
  network().conditioned(Eigen::ArrayXi::Constant(1, 10))(x, 0.5, ten);
  network()(x, 0.5, any);
  CHECK((sandal - shirt).abs().maxCoeff() > 0.1F);
  CHECK((ten == any).all());
}

TEST_CASE("guidance of the clothes network is the same in one batch and in two", "[examples]") {
  const Eigen::ArrayXXf x = noise(3);
  Eigen::ArrayXi labels(6);
  labels << 7, 8, 9, 10, 10, 10;
  const azula::VPSchedule schedule;
  const azula::KarrasDenoiser both(network().conditioned(labels), schedule);
  const azula::KarrasDenoiser positive(network().conditioned(labels.head(3)), schedule);
  const azula::KarrasDenoiser negative(network(), schedule);
  Eigen::ArrayXXf one = x, two = x;
  azula::BatchedGuidedDenoiser(both, 2.5)(x, 0.4, one);
  azula::GuidedDenoiser(positive, negative, 2.5)(x, 0.4, two);
  CHECK((one == two).all());
}

TEST_CASE("a missing or spoilt file of weights is an error that says what was expected and found",
          "[examples]") {
  CHECK(contains(complaint<std::runtime_error>([] { FashionNetwork("no/such.safetensors"); }),
                 "no/such.safetensors: no such file"));
  const auto cut = [](std::size_t size) { return reading([=](std::string& bytes) { bytes.resize(size); }); };
  CHECK(contains(cut(5), "truncated: at least 8 bytes are needed, got 5"));
  CHECK(contains(cut(100), "truncated: the header needs "));
  CHECK(contains(cut(100'000), "of the data, which has "));
  const auto replace = [](const std::string& from, const std::string& to) {
    return reading([&](std::string& bytes) { bytes.replace(bytes.find(from), from.size(), to); });
  };
  CHECK(contains(replace("\"input.bias\"", "\"inputsbias\""), "there is no tensor \"input.bias\""));
  CHECK(contains(replace("[32, 288]", "[288, 32]"), "must have shape [32, 288], got [288, 32]"));
  CHECK(contains(replace("[128, 32]", "[32, 128]"),
                 "tensor \"time.weight\" must have shape [128, 32], got [32, 128]"));
}

TEST_CASE("labels that name no class or fit no batch are refused", "[examples]") {
  for (const int label : {-1, 11}) {
    CHECK(complaint<std::invalid_argument>([&] {
            network().conditioned(Eigen::ArrayXi::Constant(1, label));
          }) == "FashionNetwork: labels must be 0 to 9, or 10 for any class, got " + std::to_string(label));
  }
  const FashionNetwork two = network().conditioned(Eigen::ArrayXi::Zero(2));
  Eigen::ArrayXXf x = noise(3), y = x;
  CHECK(complaint<std::invalid_argument>([&] { two(x, 0.0, y); }) ==
        "FashionNetwork: the labels must be one, or one for each of 3 images, got 2");
}

TEST_CASE("images of another size are refused by both networks", "[examples]") {
  const examples::DigitsNetwork digits(data / "digits.safetensors");
  Eigen::ArrayXXf cut = Eigen::ArrayXXf::Zero(63, 3), x = Eigen::ArrayXXf::Zero(64, 3), y = x.leftCols(2);
  CHECK(complaint<std::invalid_argument>([&] { digits(cut, 0.0, cut); }) ==
        "DigitsNetwork: an image must have 64 values, one image per column, got 63 x 3");
  CHECK(complaint<std::invalid_argument>([&] { digits(x, 0.0, y); }) ==
        "DigitsNetwork: the output must be 64 x 3, got 64 x 2");
  CHECK(complaint<std::invalid_argument>([&] { network()(x, 0.0, x); }) ==
        "FashionNetwork: an image must have 784 values, one image per column, got 64 x 3");
}

TEST_CASE("an option may be a real number", "[examples]") {
  double weight = 2.5;
  examples::Options options("program", "does nothing");
  options.number("--weight", "of something", 0.0, weight);
  const auto set = [&](const char* value) {
    const char* const arguments[] = {"program", "--weight", value};
    return complaint<std::invalid_argument>([&] { options.parse(3, arguments); });
  };
  CHECK(set("0.25").empty());
  CHECK(weight == 0.25);
  CHECK(set("-1") == "--weight must be a number of at least 0, got \"-1\"");
  CHECK(contains(set("nan"), "got \"nan\""));
  CHECK(contains(set("1x"), "got \"1x\""));
  CHECK(weight == 0.25);
}

TEST_CASE("the program draws a number of the sheet alone and refuses what it cannot do", "[examples]") {
  const auto folder =
      std::filesystem::temp_directory_path() / ("azula_" + std::to_string(std::random_device{}()));
  std::filesystem::create_directory(folder);
  const auto run = [&](const std::string& arguments) {
    const std::string output = " >" + (folder / "output").string() + " 2>&1";
    const int status = std::system((AZULA_EXAMPLES_PROGRAMS "/fashion " + arguments + output).c_str());
    return status > 255 ? status / 256 : status;
  };
  const auto draw = [&](const std::string& arguments) {
    const auto picture = folder / "picture.png";
    REQUIRE(run("--steps 4 --count 1 --out " + picture.string() + ' ' + arguments) == 0);
    std::ifstream file(picture, std::ios::binary);
    return std::string{std::istreambuf_iterator<char>(file), {}};
  };
  const std::string seventh = draw("--first 7");
  // In parentheses, since the bytes of a picture are no help on a terminal.
  CHECK((seventh == draw("--first 7 --label 7")));
  CHECK((seventh != draw("--first 7 --label 8")));
  CHECK((seventh != draw("--first 7 --guidance 1")));
  CHECK(run("--steps 1") == 2);
  CHECK(run("--guidance -0.5") == 2);
  CHECK(run("--label 11") == 2);
  CHECK(run("--help") == 0);
  std::filesystem::remove_all(folder);
}
