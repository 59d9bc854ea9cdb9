#include "digits_network.hpp"

#include "safetensors.hpp"

#include <algorithm>
#include <string>

namespace examples {
namespace {

// Three chunks of 256 x 64 floats and one 256 x 256 weight stay in 512 KiB, the second-level cache of most machines.
// A last chunk is padded to that width: a matrix product goes other ways through its remaining columns, and so to
// other bits, which would make a sample depend on the size of its batch.
constexpr Eigen::Index chunk_size = 64;

auto silu(const auto& x) { return x / (1.0F + (-x).exp()); }

auto silu_derivative(const auto& x) {
  const auto gate = (1.0F + (-x).exp()).inverse();
  return (gate * (1.0F + x * (1.0F - gate))).eval();
}

}  // namespace

DigitsNetwork::DigitsNetwork(const std::filesystem::path& weights) {
  const SafeTensors file(weights);
  const auto linear = [&](const std::string& name, Eigen::Index out, Eigen::Index in) {
    return Linear{file.matrix(name + ".weight", out, in), file.vector(name + ".bias", out)};
  };
  frequency_ = file.vector("w", frequencies);
  input_ = linear("inp", width, pixels);
  output_ = linear("o", pixels, width);
  embedding_[0] = linear("emb", width, 2 * frequencies);
  for (std::size_t k = 0; k < blocks; ++k) {
    block_[k] = linear("l." + std::to_string(k), width, width);
    embedding_[k + 1] = linear("e." + std::to_string(k), width, 2 * frequencies);
  }
}

// The noise level is one number for the whole batch: what it adds to each layer is a bias, computed once per call.
DigitsNetwork::Biases DigitsNetwork::biases_at(double c) const {
  const Eigen::ArrayXf phase = frequency_.array() * static_cast<float>(c);
  Eigen::Vector<float, 2 * frequencies> features;
  features << phase.sin(), phase.cos();
  Biases biases;
  for (std::size_t k = 0; k <= blocks; ++k) {
    const Linear& layer = k == 0 ? input_ : block_[k - 1];
    auto bias = biases.col(static_cast<Eigen::Index>(k));
    bias = layer.bias + embedding_[k].bias;
    bias.noalias() += embedding_[k].weight * features;
  }
  return biases;
}

void DigitsNetwork::forward(const Input& x, double c, Output y) const {
  const Biases biases = biases_at(c);
  Workspace work;
  work.input.setZero(pixels, chunk_size);
  for (Eigen::Index first = 0; first < x.cols(); first += chunk_size) {
    const Eigen::Index count = std::min(chunk_size, x.cols() - first);
    work.input.leftCols(count) = x.middleCols(first, count);
    forward_chunk(biases, work);
    y.middleCols(first, count) = work.output.leftCols(count);
  }
}

void DigitsNetwork::forward_chunk(const Biases& biases, Workspace& work) const {
  auto& [input, hidden, active, inner, output] = work;
  hidden.noalias() = input_.weight * input;
  hidden.colwise() += biases.col(0);
  for (std::size_t k = 0; k < blocks; ++k) {
    active = silu(hidden.array());
    inner.noalias() = block_[k].weight * active;
    inner.colwise() += biases.col(static_cast<Eigen::Index>(k + 1));
    hidden.array() += silu(inner.array());
  }
  active = silu(hidden.array());
  output.noalias() = output_.weight * active;
  output.colwise() += output_.bias;
}

// Chunks as above. What is kept of the way forward is what the activations are applied to.
void DigitsNetwork::backward(const Input& x, double c, const Input& v, Output y) const {
  const Biases biases = biases_at(c);
  std::array<Eigen::MatrixXf, blocks + 1> hidden;
  std::array<Eigen::MatrixXf, blocks> inner;
  Eigen::MatrixXf input = Eigen::MatrixXf::Zero(pixels, chunk_size), output = input, gradient, active;
  for (Eigen::Index first = 0; first < x.cols(); first += chunk_size) {
    const Eigen::Index count = std::min(chunk_size, x.cols() - first);
    input.leftCols(count) = x.middleCols(first, count);
    output.leftCols(count) = v.middleCols(first, count);
    hidden[0].noalias() = input_.weight * input;
    hidden[0].colwise() += biases.col(0);
    for (std::size_t k = 0; k < blocks; ++k) {
      active = silu(hidden[k].array());
      inner[k].noalias() = block_[k].weight * active;
      inner[k].colwise() += biases.col(static_cast<Eigen::Index>(k + 1));
      hidden[k + 1] = hidden[k].array() + silu(inner[k].array());
    }
    gradient.noalias() = output_.weight.transpose() * output;
    gradient.array() *= silu_derivative(hidden[blocks].array());
    for (std::size_t k = blocks; k-- > 0;) {
      inner[k].array() = gradient.array() * silu_derivative(inner[k].array());
      active.noalias() = block_[k].weight.transpose() * inner[k];
      gradient.array() += active.array() * silu_derivative(hidden[k].array());
    }
    input.noalias() = input_.weight.transpose() * gradient;
    y.middleCols(first, count) = input.leftCols(count);
  }
}

}  // namespace examples
