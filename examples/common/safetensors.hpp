#pragma once

#include <Eigen/Core>

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace examples {

/// Reads tensors from a .safetensors file. Everything wrong with the file is a std::runtime_error that names it.
class SafeTensors {
 public:
  using Shape = std::vector<Eigen::Index>;

  explicit SafeTensors(const std::filesystem::path& path);

  /// The tensor as floats, whether stored as F32, F16 or U8. A dimension of Eigen::Dynamic accepts any size.
  Eigen::MatrixXf matrix(const std::string& name, Eigen::Index rows, Eigen::Index cols) const;
  Eigen::VectorXf vector(const std::string& name, Eigen::Index size) const;

  bool contains(const std::string& name) const { return tensors_.contains(name); }

 private:
  struct Tensor {
    std::string dtype;
    Shape shape;
    std::size_t begin;
    std::size_t end;
  };

  void read(const std::filesystem::path& path);
  void parse_header();
  const Tensor& find(const std::string& name, const Shape& shape) const;
  Eigen::VectorXf values(const std::string& name, const Tensor& tensor) const;
  [[noreturn]] void fail(const std::string& what) const;

  std::string path_;
  std::string header_;
  std::vector<std::byte> data_;
  std::map<std::string, Tensor> tensors_;
};

}  // namespace examples
