#include "safetensors.hpp"

#include <nlohmann/json.hpp>

#include <bit>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>

namespace examples {
namespace {

static_assert(std::endian::native == std::endian::little, "the format is little endian, and so must be the machine");

std::string to_text(const SafeTensors::Shape& shape) {
  std::ostringstream text;
  text << '[';
  for (std::size_t i = 0; i < shape.size(); ++i) {
    text << (i == 0 ? "" : ", ");
    shape[i] == Eigen::Dynamic ? text << "any" : text << shape[i];
  }
  text << ']';
  return text.str();
}

bool matches(const SafeTensors::Shape& wanted, const SafeTensors::Shape& found) {
  bool same = wanted.size() == found.size();
  for (std::size_t i = 0; same && i < wanted.size(); ++i) {
    same = wanted[i] == Eigen::Dynamic || wanted[i] == found[i];
  }
  return same;
}

/// Empty when the product does not fit: a hostile shape must not wrap around to a plausible size.
std::optional<std::size_t> element_count(const SafeTensors::Shape& shape) {
  std::size_t count = 1;
  for (const Eigen::Index size : shape) {
    if (size < 0 || (size > 0 && count > SIZE_MAX / 8 / static_cast<std::size_t>(size))) return std::nullopt;
    count *= static_cast<std::size_t>(size);
  }
  return count;
}

template <class Stored>
Eigen::VectorXf to_floats(const std::byte* bytes, Eigen::Index count) {
  // Copied rather than mapped: the format promises no alignment.
  Eigen::Vector<Stored, Eigen::Dynamic> stored(count);
  if (count > 0) std::memcpy(stored.data(), bytes, static_cast<std::size_t>(count) * sizeof(Stored));
  return stored.template cast<float>();
}

std::size_t element_bytes(const std::string& dtype) {
  if (dtype == "F32") return 4;
  if (dtype == "F16") return 2;
  if (dtype == "U8") return 1;
  return 0;
}

}  // namespace

SafeTensors::SafeTensors(const std::filesystem::path& path) : path_(path.string()) {
  read(path);
  try {
    parse_header();
  } catch (const nlohmann::json::exception& error) {
    fail(std::string("the header must be valid JSON, got ") + error.what());
  }
  header_.clear();
}

void SafeTensors::read(const std::filesystem::path& path) {
  if (!std::filesystem::is_regular_file(path)) fail("no such file");
  std::ifstream file(path, std::ios::binary);
  if (!file) fail("the file cannot be opened for reading");
  const std::uint64_t size = std::filesystem::file_size(path);
  std::uint64_t header_size = 0;
  if (size < sizeof header_size) fail("truncated: at least 8 bytes are needed, got " + std::to_string(size));
  file.read(reinterpret_cast<char*>(&header_size), sizeof header_size);
  if (header_size > size - sizeof header_size) {
    fail("truncated: the header needs " + std::to_string(header_size) + " bytes after the first 8, got " +
         std::to_string(size - sizeof header_size));
  }
  header_.resize(header_size);
  data_.resize(size - sizeof header_size - header_size);
  file.read(header_.data(), static_cast<std::streamsize>(header_.size()));
  file.read(reinterpret_cast<char*>(data_.data()), static_cast<std::streamsize>(data_.size()));
  if (!file) fail("the file could not be read to its end");
}

void SafeTensors::parse_header() {
  const auto header = nlohmann::json::parse(header_);
  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__") continue;
    const auto offsets = entry.at("data_offsets").get<std::vector<std::size_t>>();
    if (offsets.size() != 2 || offsets[0] > offsets[1]) {
      fail("tensor \"" + name + "\" must have two rising data_offsets, got " + entry.at("data_offsets").dump());
    }
    if (offsets[1] > data_.size()) {
      fail("truncated: tensor \"" + name + "\" ends at byte " + std::to_string(offsets[1]) + " of the data, which has " +
           std::to_string(data_.size()));
    }
    tensors_[name] = {entry.at("dtype").get<std::string>(), entry.at("shape").get<Shape>(), offsets[0], offsets[1]};
  }
}

const SafeTensors::Tensor& SafeTensors::find(const std::string& name, const Shape& shape) const {
  const auto found = tensors_.find(name);
  if (found == tensors_.end()) fail("there is no tensor \"" + name + "\"");
  const Tensor& tensor = found->second;
  if (!matches(shape, tensor.shape)) {
    fail("tensor \"" + name + "\" must have shape " + to_text(shape) + ", got " + to_text(tensor.shape));
  }
  return tensor;
}

Eigen::VectorXf SafeTensors::values(const std::string& name, const Tensor& tensor) const {
  const std::size_t width = element_bytes(tensor.dtype);
  if (width == 0) fail("tensor \"" + name + "\" must be of type F32, F16 or U8, got " + tensor.dtype);
  const auto count = element_count(tensor.shape);
  if (!count || *count * width != tensor.end - tensor.begin) {
    fail("tensor \"" + name + "\" of shape " + to_text(tensor.shape) + " and type " + tensor.dtype + " cannot have " +
         std::to_string(tensor.end - tensor.begin) + " bytes");
  }
  const std::byte* bytes = data_.data() + tensor.begin;
  const auto size = static_cast<Eigen::Index>(*count);
  if (width == 4) return to_floats<float>(bytes, size);
  if (width == 2) return to_floats<Eigen::half>(bytes, size);
  return to_floats<std::uint8_t>(bytes, size);
}

Eigen::MatrixXf SafeTensors::matrix(const std::string& name, Eigen::Index rows, Eigen::Index cols) const {
  using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Tensor& tensor = find(name, {rows, cols});
  const Eigen::VectorXf floats = values(name, tensor);
  return Eigen::Map<const RowMajor>(floats.data(), tensor.shape[0], tensor.shape[1]);
}

Eigen::VectorXf SafeTensors::vector(const std::string& name, Eigen::Index size) const {
  return values(name, find(name, {size}));
}

void SafeTensors::fail(const std::string& what) const { throw std::runtime_error(path_ + ": " + what); }

}  // namespace examples
