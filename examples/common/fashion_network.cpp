#include "fashion_network.hpp"

#include "safetensors.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>

namespace examples {
namespace {

constexpr Eigen::Index side = 28;         // of an image
constexpr Eigen::Index upper = side / 2;  // of the maps at the two levels
constexpr Eigen::Index lower = side / 4;
constexpr Eigen::Index upper_channels = 32;
constexpr Eigen::Index lower_channels = 96;
constexpr Eigen::Index groups = 8;
constexpr Eigen::Index frequencies = 16;
constexpr Eigen::Index embedding = 128;
constexpr std::size_t blocks = 4;  // the first and the last at the upper level

// Images go through the network four at a time, the last ones with blank company: a matrix product goes other
// ways through columns beyond a multiple of four, and so to other bits, which would make an image depend on
// its batch.
constexpr Eigen::Index chunk_size = 4;

// Maps of many channels are matrices: a column for each place, image after image, row after row.
using Maps = Eigen::MatrixXf;

struct Linear {
  Eigen::MatrixXf weight;
  Eigen::VectorXf bias;
};

struct Affine {
  Eigen::VectorXf scale;
  Eigen::VectorXf shift;
};

struct Block {
  Affine norm;
  Linear first, condition, second;
};

auto silu(const auto& x) {
  return x / (1.0F + (-x).exp());
}

/// out = in, with the 3 × 3 neighbours of each place below one another. What is beyond the edges is left as
/// it is.
void gather_neighbours(const Maps& in, Eigen::Index width, Maps& out) {
  const Eigen::Index channels = in.rows();
  for (Eigen::Index place = 0; place < in.cols(); ++place) {
    const Eigen::Index row = place / width % width;
    const Eigen::Index column = place % width;
    const Eigen::Index left = column > 0 ? -1 : 0;
    const Eigen::Index count = (column + 1 < width ? 2 : 1) - left;
    for (Eigen::Index down = row > 0 ? -1 : 0; down <= (row + 1 < width ? 1 : 0); ++down) {
      out.col(place).segment((3 * (down + 1) + left + 1) * channels, count * channels) =
          Eigen::Map<const Eigen::VectorXf>(&in(0, place + down * width + left), count * channels);
    }
  }
}

/// Each 2 × 2 square of the larger maps is one column of the smaller.
void gather_squares(const Maps& larger, Eigen::Index width, Maps& smaller) {
  const Eigen::Index half = larger.rows() * 2;
  for (Eigen::Index place = 0; place < smaller.cols(); ++place) {
    const Eigen::Index corner = place / (width / 2) * 2 * width + place % (width / 2) * 2;
    smaller.col(place).head(half) = Eigen::Map<const Eigen::VectorXf>(&larger(0, corner), half);
    smaller.col(place).tail(half) = Eigen::Map<const Eigen::VectorXf>(&larger(0, corner + width), half);
  }
}

void add_squares(const Maps& smaller, Eigen::Index width, Maps& larger) {
  const Eigen::Index half = larger.rows() * 2;
  for (Eigen::Index place = 0; place < smaller.cols(); ++place) {
    const Eigen::Index corner = place / (width / 2) * 2 * width + place % (width / 2) * 2;
    Eigen::Map<Eigen::VectorXf>(&larger(0, corner), half) += smaller.col(place).head(half);
    Eigen::Map<Eigen::VectorXf>(&larger(0, corner + width), half) += smaller.col(place).tail(half);
  }
}

/// The mean of each group of channels, for each of its channels.
Eigen::VectorXf group_means(const Eigen::VectorXf& channels) {
  const Eigen::Index size = channels.size() / groups;
  const Eigen::RowVectorXf means = channels.reshaped(size, groups).colwise().mean();
  return means.replicate(size, 1).reshaped();
}

/// out = silu(scale · (in - mean)/deviation + shift), mean and deviation over the places of an image and a
/// group of channels.
void activate(const Eigen::Ref<const Maps>& in, const Eigen::Ref<const Eigen::VectorXf>& scale,
              const Eigen::Ref<const Eigen::VectorXf>& shift, Eigen::Ref<Maps> out) {
  const Eigen::VectorXf mean = group_means(in.rowwise().mean());
  out = in.colwise() - mean;
  const Eigen::VectorXf variance = group_means(out.cwiseAbs2().rowwise().mean());
  const Eigen::ArrayXf factor = scale.array() * (variance.array() + 1e-5F).rsqrt();
  out = silu((out.array().colwise() * factor).colwise() + shift.array()).matrix();
}

void activate(const Maps& in, const Affine& norm, Maps& out) {
  const Eigen::Index places = in.cols() / chunk_size;
  for (Eigen::Index i = 0; i < chunk_size; ++i) {
    activate(in.middleCols(i * places, places), norm.scale, norm.shift, out.middleCols(i * places, places));
  }
}

void apply(const Linear& linear, const Maps& in, Maps& out) {
  out.noalias() = linear.weight * in;
  out.colwise() += linear.bias;
}

/// The maps of a level and what is computed of them.
struct Level {
  Level(Eigen::Index channels, Eigen::Index the_width) : width(the_width) {
    state.setZero(channels, width * width * chunk_size);
    active = inner = state;
    neighbours.setZero(9 * channels, state.cols());
  }

  Eigen::Index width;
  Maps state, active, inner, neighbours;
};

}  // namespace

struct FashionNetwork::Weights {
  explicit Weights(const SafeTensors& file) {
    const auto linear = [&](const std::string& name, Eigen::Index out, Eigen::Index in) {
      return Linear{file.matrix(name + ".weight", out, in), file.vector(name + ".bias", out)};
    };
    const auto affine = [&](const std::string& name, Eigen::Index channels) {
      return Affine{file.vector(name + ".weight", channels), file.vector(name + ".bias", channels)};
    };
    frequency = file.vector("w", frequencies);
    time = linear("time", embedding, 2 * frequencies);
    label = file.matrix("label.weight", classes + 1, embedding).transpose();
    input = linear("input", upper_channels, 9 * 4);
    down = linear("down", lower_channels, 4 * upper_channels);
    up = linear("up", 4 * upper_channels, lower_channels);
    norm = affine("norm", upper_channels);
    output = linear("output", 4, 9 * upper_channels);
    for (std::size_t k = 0; k < blocks; ++k) {
      const std::string name = "block." + std::to_string(k);
      const Eigen::Index channels = k == 0 || k + 1 == blocks ? upper_channels : lower_channels;
      block[k] = {affine(name + ".norm", channels), linear(name + ".first", channels, 9 * channels),
                  linear(name + ".condition", 2 * channels, embedding),
                  linear(name + ".second", channels, 9 * channels)};
    }
  }

  Eigen::VectorXf frequency;
  Eigen::MatrixXf label;
  Linear time, input, down, up, output;
  Affine norm;
  std::array<Block, blocks> block;
};

/// What the blocks are told at a time: 1 + factors, then summands; one column per class.
struct FashionNetwork::Conditions {
  Conditions(const Weights& weights, double c) {
    const Eigen::ArrayXf phase = weights.frequency.array() * static_cast<float>(c);
    Eigen::Vector<float, 2 * frequencies> features;
    features << phase.sin(), phase.cos();
    Eigen::MatrixXf embedded = weights.label;
    embedded.colwise() += weights.time.weight * features + weights.time.bias;
    embedded = silu(embedded.array()).eval();
    for (std::size_t k = 0; k < blocks; ++k) {
      const Linear& condition = weights.block[k].condition;
      block[k] = condition.weight * embedded;
      block[k].colwise() += condition.bias;
      block[k].topRows(condition.bias.size() / 2).array() += 1.0F;
    }
  }

  std::array<Eigen::MatrixXf, blocks> block;
};

/// One call: the images of a chunk, what is known of them, and its memory.
struct FashionNetwork::Pass {
  explicit Pass(const Weights& the_weights) : weights(the_weights) {}

  void run() {
    gather_squares(images, side, planes);
    gather_neighbours(planes, upper, plane_neighbours);
    apply(weights.input, plane_neighbours, high.state);
    run_block(0, high);
    gather_squares(high.state, upper, squares);
    apply(weights.down, squares, low.state);
    run_block(1, low);
    run_block(2, low);
    apply(weights.up, low.state, squares);
    add_squares(squares, upper, high.state);
    run_block(3, high);
    activate(high.state, weights.norm, high.active);
    gather_neighbours(high.active, upper, high.neighbours);
    apply(weights.output, high.neighbours, planes);
    images.setZero();
    add_squares(planes, side, images);
  }

  /// state += second(silu(conditioned(norm(first(silu(norm(state)))))))
  void run_block(std::size_t k, Level& level) const {
    const Block& block = weights.block[k];
    const Eigen::Index channels = level.state.rows();
    const Eigen::Index places = level.width * level.width;
    activate(level.state, block.norm, level.active);
    gather_neighbours(level.active, level.width, level.neighbours);
    apply(block.first, level.neighbours, level.inner);
    for (Eigen::Index i = 0; i < chunk_size; ++i) {
      const auto image = static_cast<std::size_t>(i);
      const auto condition = conditions[image]->block[k].col(labels[image]);
      activate(level.inner.middleCols(i * places, places), condition.head(channels), condition.tail(channels),
               level.active.middleCols(i * places, places));
    }
    gather_neighbours(level.active, level.width, level.neighbours);
    level.state.noalias() += block.second.weight * level.neighbours;
    level.state.colwise() += block.second.bias;
  }

  const Weights& weights;
  std::array<const Conditions*, chunk_size> conditions{};
  std::array<int, chunk_size> labels{};
  Maps images = Maps::Zero(1, pixels* chunk_size);
  Maps planes = Maps::Zero(4, pixels / 4 * chunk_size);
  Maps plane_neighbours = Maps::Zero(9 * 4, planes.cols());
  Level high{upper_channels, upper};
  Maps squares = Maps::Zero(4 * upper_channels, lower* lower* chunk_size);
  Level low{lower_channels, lower};
};

FashionNetwork::FashionNetwork(const std::filesystem::path& weights)
    : weights_(std::make_shared<const Weights>(SafeTensors(weights))),
      labels_(Eigen::ArrayXi::Constant(1, any_class)) {}

FashionNetwork FashionNetwork::conditioned(Eigen::ArrayXi labels) const {
  for (const int label : labels) {
    if (label < 0 || label > any_class) {
      throw std::invalid_argument("FashionNetwork: labels must be 0 to 9, or 10 for any class, got " +
                                  std::to_string(label));
    }
  }
  FashionNetwork result = *this;
  result.labels_ = std::move(labels);
  return result;
}

void FashionNetwork::forward(const Input& x, const Eigen::ArrayXd& c, Output y) const {
  const auto require_each = [&](const char* what, Eigen::Index size) {
    if (size == 1 || size == x.cols()) return;
    throw std::invalid_argument(std::string("FashionNetwork: the ") + what + " must be one, or one for each of " +
                                std::to_string(x.cols()) + " images, got " + std::to_string(size));
  };
  require_each("labels", labels_.size());
  require_each("times", c.size());
  std::map<double, Conditions> conditions;
  Pass pass(*weights_);
  Eigen::Map<Eigen::MatrixXf> images(pass.images.data(), pixels, chunk_size);
  for (Eigen::Index first = 0; first < x.cols(); first += chunk_size) {
    const Eigen::Index count = std::min(chunk_size, x.cols() - first);
    images.leftCols(count) = x.middleCols(first, count);
    for (Eigen::Index i = 0; i < chunk_size; ++i) {
      const Eigen::Index j = std::min(first + i, x.cols() - 1);  // blank company is told what the last image is
      const double time = c(c.size() == 1 ? 0 : j);
      pass.labels[static_cast<std::size_t>(i)] = labels_(labels_.size() == 1 ? 0 : j);
      pass.conditions[static_cast<std::size_t>(i)] = &conditions.try_emplace(time, *weights_, time).first->second;
    }
    pass.run();
    y.middleCols(first, count) = images.leftCols(count);
  }
}

}  // namespace examples
