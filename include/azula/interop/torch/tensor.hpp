#pragma once
/// \file
/// Declares at::Tensor, which is the same type as torch::Tensor. Needs LibTorch (its headers and library); not part of
/// azula.hpp.

// Must come before other headers of torch: before LibTorch 2.1, clang else finds a std::vector of an incomplete type.
#include <ATen/core/ivalue.h>

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>
