#include "catch.hpp"

#include "common/digits_data.hpp"
#include "common/digits_network.hpp"
#include "common/font.hpp"
#include "common/frechet.hpp"
#include "common/grid.hpp"
#include "common/image.hpp"
#include "common/options.hpp"
#include "common/safetensors.hpp"
#include "common/torch_source.hpp"
#include "support/temporary_file.hpp"

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_ONLY_PNG
#include <azula/azula.hpp>
#include <azula/method/any_method.hpp>
#include <azula/plan/read_stages.hpp>
#include <stb_image.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace examples;

std::filesystem::path data(const std::string& name) { return std::filesystem::path(AZULA_EXAMPLES_DATA) / name; }

/// What the call complains about; empty if it does not.
std::string complaint(const auto& call) {
  try {
    call();
  } catch (const std::exception& error) {
    return error.what();
  }
  return {};
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string safetensors(const std::string& header, const std::string& bytes) {
  std::string size(8, '\0');
  for (std::size_t i = 0; i < 8; ++i) size[i] = static_cast<char>(header.size() >> (8 * i) & 255);
  return size + header + bytes;
}

std::string reading(const std::string& content) {
  const TemporaryFile file(content);
  const std::string what = complaint([&] { SafeTensors(file.path()).matrix("a", 2, 2); });
  REQUIRE(contains(what, file.path().string()));
  return what;
}

}  // namespace

TEST_CASE("the digits network gives the outputs of its training framework", "[examples]") {
  const DigitsNetwork network(data("digits.safetensors"));
  const SafeTensors check(data("digits_check.safetensors"));
  const Eigen::MatrixXf x = check.matrix("x", 5, 64).transpose();
  const Eigen::MatrixXf y = check.matrix("y", 5, 64).transpose();
  const Eigen::VectorXf c = check.vector("c", 5);
  for (Eigen::Index i = 0; i < 5; ++i) {
    Eigen::MatrixXf one(64, 1);
    const Eigen::MatrixXf column = x.col(i);
    network(column, static_cast<double>(c(i)), one);
    REQUIRE((one - y.col(i)).cwiseAbs().maxCoeff() < 1e-5F);
  }
}

TEST_CASE("the digits network gives an image the same bits in every place of every batch", "[examples]") {
  const DigitsNetwork network(data("digits.safetensors"));
  const Eigen::ArrayXXf x = Eigen::ArrayXXf::Random(64, 150);  // more than two chunks
  Eigen::ArrayXXf y(64, 150);
  network(x, -1.25, y);
  for (const Eigen::Index first : {0, 63, 64, 147}) {
    for (const Eigen::Index count : {1, 2, 3}) {
      const Eigen::ArrayXXf part = x.middleCols(first, count);
      Eigen::ArrayXXf again(64, count);
      network(part, -1.25, again);
      REQUIRE((again == y.middleCols(first, count)).all());
    }
  }
  Eigen::ArrayXXf none(64, 0);
  network(none, -1.25, none);
}

TEST_CASE("the data set has 1,797 digits between -1 and 1", "[examples]") {
  const DigitsData digits(data("digits_data.safetensors"));
  REQUIRE(digits.images.rows() == 64);
  REQUIRE(digits.images.cols() == 1797);
  REQUIRE(digits.images.minCoeff() == -1.0F);
  REQUIRE(digits.images.maxCoeff() == 1.0F);
  REQUIRE(digits.labels.size() == 1797);
  REQUIRE(digits.labels(0) == 0);
  REQUIRE(digits.labels.maxCoeff() == 9);
  REQUIRE(digits.images(2, 0) == 5.0F / 8.0F - 1.0F);
}

TEST_CASE("safetensors are read row by row, from three types", "[examples]") {
  const std::string header =
      R"({"__metadata__":{"format":"pt"},"a":{"dtype":"U8","shape":[2,2],"data_offsets":[0,4]},)"
      R"("h":{"dtype":"F16","shape":[2],"data_offsets":[4,8]},"f":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}})";
  const TemporaryFile file(safetensors(header, std::string("\x01\x02\x03\xff\x00\x3c\x00\xc0\x00\x00\xc0\x3f", 12)));
  const SafeTensors tensors(file.path());
  REQUIRE(tensors.matrix("a", 2, Eigen::Dynamic) == (Eigen::MatrixXf(2, 2) << 1, 2, 3, 255).finished());
  REQUIRE(tensors.vector("h", 2) == Eigen::Vector2f(1.0F, -2.0F));
  REQUIRE(tensors.vector("f", 1)(0) == 1.5F);
  REQUIRE(!tensors.contains("b"));
}

TEST_CASE("a bad safetensors file is an error that names file, rule and value", "[examples]") {
  const std::string good = R"({"a":{"dtype":"U8","shape":[2,2],"data_offsets":[0,4]}})";
  const auto with = [&](const std::string& from, const std::string& to) {
    return reading(safetensors(std::string(good).replace(good.find(from), from.size(), to), "1234"));
  };
  REQUIRE(contains(complaint([] { SafeTensors("no/such.safetensors"); }), "no/such.safetensors: no such file"));
  REQUIRE(contains(reading("1234"), "at least 8 bytes are needed, got 4"));
  REQUIRE(contains(reading(safetensors(good, "").substr(0, 20)), "the header needs 55 bytes after the first 8, got 12"));
  REQUIRE(contains(reading(safetensors(good, "123")), "\"a\" ends at byte 4 of the data, which has 3"));
  REQUIRE(contains(with("{", "["), "must be valid JSON"));
  REQUIRE(contains(with("dtype", "type"), "must be valid JSON"));
  REQUIRE(contains(with("\"a\"", "\"b\""), "there is no tensor \"a\""));
  REQUIRE(contains(with("[2,2]", "[4]"), "must have shape [2, 2], got [4]"));
  REQUIRE(contains(with("[0,4]", "[0,3]"), "of shape [2, 2] and type U8 cannot have 3 bytes"));
  REQUIRE(contains(with("[0,4]", "[4,0]"), "two rising data_offsets, got [4,0]"));
  REQUIRE(contains(with("U8", "I64"), "must be of type F32, F16 or U8, got I64"));
}

TEST_CASE("the Frechet distance agrees with closed forms", "[examples]") {
  const Eigen::Vector3d m1(1, 2, 3), m2(1, 0, 4), s1(1, 2, 0), s2(3, 1, 0.5);
  const auto diagonal = [](const Eigen::Vector3d& mean, const Eigen::Vector3d& deviation) {
    return Moments{mean, deviation.cwiseAbs2().asDiagonal()};
  };
  const double expected = (m1 - m2).squaredNorm() + (s1 - s2).squaredNorm();
  REQUIRE(std::abs(frechet_distance(diagonal(m1, s1), diagonal(m2, s2)) - expected) < 1e-12);

  // Of 2 x 2 covariances that do not commute: the roots of the eigenvalues of C1 C2 sum to √(tr + 2√det).
  const Eigen::Matrix2d c1{{2, 1}, {1, 3}}, c2{{1, -0.5}, {-0.5, 4}};
  const double cross = std::sqrt((c1 * c2).trace() + 2 * std::sqrt((c1 * c2).determinant()));
  const Moments first{Eigen::Vector2d::Zero(), c1}, second{Eigen::Vector2d::Zero(), c2};
  REQUIRE(std::abs(frechet_distance(first, second) - (c1.trace() + c2.trace() - 2 * cross)) < 1e-12);
  REQUIRE(std::abs(frechet_distance(first, first)) < 1e-12);
}

TEST_CASE("moments are those of the columns", "[examples]") {
  const Eigen::ArrayXXf samples{{1, 3, 5}, {2, 2, 5}};
  const Moments fitted = moments(samples);
  REQUIRE(fitted.mean.isApprox(Eigen::Vector2d(3, 3)));
  REQUIRE(fitted.covariance.isApprox(Eigen::Matrix2d{{4, 3}, {3, 3}}));
  REQUIRE(contains(complaint([&] { moments(samples.leftCols(1)); }), "at least 2 samples are needed, got 1"));
}

TEST_CASE("a montage has the expected size and pixels", "[examples]") {
  Eigen::ArrayXXf samples = Eigen::ArrayXXf::Constant(64, 5, -1.0F);
  samples(1, 3) = 7.0F;  // right of the top left corner; clamped to white
  samples(8, 4) = std::numeric_limits<float>::quiet_NaN();
  const Image image = montage(samples, {.columns = 3, .scale = 4, .margin = 2, .background = 99, .smooth = false});
  REQUIRE(image.rows() == 2 * 32 + 3 * 2);
  REQUIRE(image.cols() == 3 * 32 + 4 * 2);
  REQUIRE(image(0, 0) == 99);
  REQUIRE(image(image.rows() - 1, image.cols() - 1) == 99);  // the sixth tile does not exist
  REQUIRE(image(2, 2) == 0);
  REQUIRE((image.block<4, 4>(36, 6) == 255).all());
  REQUIRE(image(36, 5) == 0);
  REQUIRE(image(36, 10) == 0);
}

TEST_CASE("a smooth montage keeps constants and interpolates between pixels", "[examples]") {
  Eigen::ArrayXXf samples = Eigen::ArrayXXf::Constant(64, 2, 0.0F);
  samples.col(1).tail(8).setConstant(1.0F);  // the lowest row of the image
  const Image image = montage(samples, {.columns = 2, .scale = 2, .margin = 0});
  REQUIRE((image.leftCols(16) == 128).all());
  REQUIRE(image(15, 20) == 255);
  REQUIRE(image(14, 20) == 223);  // three quarters of the way
  REQUIRE(image(13, 20) == 159);
}

TEST_CASE("a bad montage or path is an error that names it", "[examples]") {
  const Eigen::ArrayXXf samples = Eigen::ArrayXXf::Zero(64, 1);
  REQUIRE(contains(complaint([&] { montage(samples, {.columns = 0}); }), "columns must be at least 1, got 0"));
  REQUIRE(contains(complaint([&] { montage(samples.topRows(10)); }), "must have 64 rows, got 10"));
  const std::string what = complaint([&] { write_png("no/such/folder.png", montage(samples)); });
  REQUIRE(contains(what, "no/such/folder.png cannot be written"));
}

TEST_CASE("labels are drawn with the size asked for", "[examples]") {
  Image image = Image::Zero(20, 40);
  draw_text(image, 2, 3, "I I", 2);
  REQUIRE(text_width("I I", 2) == 36);
  REQUIRE((image.block<2, 6>(2, 5) == 235).all());  // the upper serif
  REQUIRE((image.block<20, 12>(0, 15) == 0).all()); // the space
}

TEST_CASE("options are set, and refused with their name and value", "[examples]") {
  int steps = 10;
  bool quiet = false;
  std::string out;
  Options options("program", "does nothing");
  options.number("--steps", "time steps", 1, steps);
  options.flag("--quiet", "no progress", quiet);
  options.text("--out", "file", out);
  const std::array good{"program", "--steps", "25", "--quiet", "--out", "a b.png"};
  REQUIRE(options.parse(static_cast<int>(good.size()), good.data()));
  REQUIRE(steps == 25);
  REQUIRE(quiet);
  REQUIRE(out == "a b.png");
  const auto refused = [&](const char* name, const char* value) {
    const std::array arguments{"program", name, value};
    return complaint([&] { options.parse(value[0] == '\0' ? 2 : 3, arguments.data()); });
  };
  REQUIRE(contains(refused("--steps", "0"), "--steps must be a whole number of at least 1, got \"0\""));
  REQUIRE(contains(refused("--steps", "5x"), "got \"5x\""));
  REQUIRE(contains(refused("--steps", ""), "--steps needs a value"));
  REQUIRE(contains(refused("--step", "5"), "unknown option \"--step\""));
}

TEST_CASE("a grid by name runs from t = 1 to its end", "[examples]") {
  const azula::VPSchedule schedule;
  for (const char* name : {"linear", "karras", "logsnr"}) {
    const std::vector<double> times = times_of(name, schedule, 7);
    REQUIRE(times.size() == 8);
    REQUIRE(times.front() == 1);
    REQUIRE(times.back() == (std::string(name) == "linear" ? 0.0 : 0.01));
  }
  REQUIRE(contains(complaint([&] { times_of("cubic", schedule, 7); }), "one of linear, karras, logsnr, got \"cubic\""));
}

TEST_CASE("noise after torch.manual_seed(0) is that which torch documents", "[examples]") {
  Eigen::ArrayXf drawn(32);
  TorchSource source(0);
  source.fill(Eigen::Map<Eigen::ArrayXf>(drawn.data(), 32));
  Eigen::ArrayXf published(20);
  published << -1.1258F, -1.1524F, -0.2506F, -0.4339F, 0.8487F, 0.6920F, -0.3160F, -2.1152F, 0.3223F, -1.2633F, 0.3500F,
      0.3081F, 0.1198F, 1.2377F, 1.1168F, -0.2473F, -1.3527F, -1.6959F, 0.5667F, 0.7935F;
  REQUIRE((drawn.head(20) - published).abs().maxCoeff() < 6e-5F);
}

TEST_CASE("from the noise of the Python original, samples are as far from the images as its own", "[examples]") {
  const azula::KarrasDenoiser denoiser(DigitsNetwork(data("digits.safetensors")), azula::VPSchedule{});
  const Moments images = moments(DigitsData(data("digits_data.safetensors")).images);
  const auto distance = [&](const char* method) {
    const azula::Sampler sampler(std::ref(denoiser), azula::AnyMethod(method), {.steps = 8, .silent = true});
    TorchSource random(1);
    Eigen::ArrayXXf x(DigitsNetwork::pixels, 4000);
    sampler.init(x, random);
    return frechet_distance(moments(sampler(std::move(x), random)), images);
  };
  CHECK(std::abs(distance("DDPM") - 1.70) < 0.005);  // draws at every step
  CHECK(std::abs(distance("vAB") - 0.194) < 0.0005);
  CHECK(distance("REAB") < 0.976 - 0.1);  // the original's has an error
}

TEST_CASE("in eight evaluations the solver in data/ draws better digits than a method without a fit", "[examples]") {
  std::ifstream file(data("digits_solver.txt"));
  const azula::Tabulated table{azula::read_stages(file, "digits_solver.txt")};
  const azula::KarrasDenoiser denoiser(DigitsNetwork(data("digits.safetensors")), azula::VPSchedule{});
  const Moments images = moments(DigitsData(data("digits_data.safetensors")).images);
  Eigen::ArrayXXf x(DigitsNetwork::pixels, 4000);
  azula::NormalSource(3).fill(Eigen::Map<Eigen::ArrayXf>(x.data(), x.size()));
  const auto distance = [&](const auto& sampler) { return frechet_distance(moments(sampler(x)), images); };
  const azula::Sampler fitted(std::ref(denoiser), table, table.times(), {.silent = true});
  const azula::Sampler best(std::ref(denoiser), azula::AnyMethod("vAB2"), {.steps = 8, .silent = true});  // of docs/few_evaluations.md
  REQUIRE(fitted.evaluations() == best.evaluations());
  CHECK(distance(fitted) < 0.7 * distance(best));
}

namespace {

/// Runs an example, which prints into a file. Its exit code.
int run(const std::string& command, const std::filesystem::path& output) {
  const std::string line = azula::join({AZULA_EXAMPLES_PROGRAMS "/", command, " >", output.string(), " 2>&1"});
  const int status = std::system(line.c_str());
  return status > 255 ? status / 256 : status;
}

int run(const std::string& command) { return run(command, TemporaryFile("").path()); }

Image read_png(const std::filesystem::path& path) {
  int columns = 0, rows = 0, channels = 0;
  stbi_uc* pixels = stbi_load(path.string().c_str(), &columns, &rows, &channels, 1);
  REQUIRE(pixels != nullptr);
  const Image image = Eigen::Map<const Image>(pixels, rows, columns);
  stbi_image_free(pixels);
  return image;
}

}  // namespace

TEST_CASE("a digit drawn alone has the pixels that it has on the sheet", "[examples]") {
  for (const std::string options : {"", " --method DDPM --steps 6 --grid linear", " --method UniPC --seed 7"}) {
    const TemporaryFile sheet(""), alone("");
    REQUIRE(run("digits --count 70 --out " + sheet.path().string() + options) == 0);
    const Image all = read_png(sheet.path());
    for (const Eigen::Index i : {0, 37, 69}) {
      REQUIRE(run("digits --count 1 --first " + std::to_string(i) + " --out " + alone.path().string() + options) == 0);
      // Nine columns of tiles of 64 pixels, six apart.
      REQUIRE((read_png(alone.path()).block<64, 64>(6, 6) == all.block<64, 64>(6 + i / 9 * 70, 6 + i % 9 * 70)).all());
    }
    REQUIRE((all.block<64, 64>(6, 6) != all.block<64, 64>(6, 76)).any());
  }
}

TEST_CASE("an example refuses what it cannot do", "[examples]") {
  REQUIRE(run("digits --method Simpson") == 2);
  REQUIRE(run("digits --steps 0") == 2);
  REQUIRE(run("digits --help") == 0);
  REQUIRE(run("sheet --order 9") == 2);
}

TEST_CASE("a solver from a text file draws, and one that is not there is refused by name", "[examples]") {
  const TemporaryFile picture(""), output("");
  REQUIRE(run("from_table --out " + picture.path().string()) == 0);
  const Image image = read_png(picture.path());
  CHECK(image.maxCoeff() > 200);
  CHECK(image.minCoeff() < 50);
  REQUIRE(run("from_table --table none.txt --out " + picture.path().string(), output.path()) == 2);
  std::ifstream file(output.path());
  std::string line;
  std::getline(file, line);
  CHECK(line == "from_table: azula::read_stages: none.txt, line 0: the file must be there and readable, got none");
}

TEST_CASE("inpainting and super-resolution leave a picture, by each method", "[examples]") {
  for (const char* method : {"mmps", "pigdm", "dps"}) {
    INFO(method);
    const TemporaryFile picture("");
    REQUIRE(run(std::string("inverse --steps 8 --method ") + method + " --out " + picture.path().string()) == 0);
    const Image image = read_png(picture.path());
    CHECK(image.maxCoeff() > 200);
    CHECK(image.minCoeff() < 50);
  }
}

TEST_CASE("a strip has a state at every time, and below each but the last the mean", "[examples]") {
  const TemporaryFile picture("");
  REQUIRE(run("strip --steps 3 --out " + picture.path().string()) == 0);
  const Image image = read_png(picture.path());
  const auto frame = [&](Eigen::Index row, Eigen::Index column) {  // of 144 pixels, 16 apart
    return image.block(60 + row * 160, 160 + column * 160, 144, 144);
  };
  REQUIRE(image.rows() == 60 + 2 * 160);
  REQUIRE(image.cols() == 160 + 4 * 160);
  for (Eigen::Index column = 0; column < 4; ++column) {
    CHECK((frame(0, column) > 200).any());  // ink
    CHECK((frame(1, column) == 30).all() == (column == 3));
  }
  CHECK((frame(0, 0) != frame(0, 3)).any());
  CHECK(run("strip --method Simpson") == 2);
}

TEST_CASE("the sheet refuses what it cannot show, before it draws", "[examples]") {
  for (const std::string options : {"--digit 10", "--count 101 --samples 100", "--samples 99"}) {
    INFO(options);
    CHECK(run("sheet " + options) == 2);
  }
}

TEST_CASE("examples that take long say at once what they do and how far they are, in a file too", "[examples]") {
  const TemporaryFile picture(""), output("");
  for (const std::string name : {"fashion", "inverse", "sheet"}) {
    const std::string options = name == "sheet" ? " --count 1 --samples 100" : " --steps 3";
    REQUIRE(run(name + options + " --out " + picture.path().string(), output.path()) == 0);
    std::ifstream file(output.path());
    std::string line;
    std::getline(file, line);
    CHECK(line.starts_with(name + ": "));
    CHECK(contains(line, ": 0 of "));
  }
}

TEST_CASE("the short examples run", "[examples]") {
  for (const char* name : {"first_sample", "own_schedule", "own_denoiser", "own_loop", "own_state", "foreign_memory",
                           "fixed_size_control", "deadline_control"}) {
    INFO(name);
    CHECK(run(name) == 0);
  }
}
