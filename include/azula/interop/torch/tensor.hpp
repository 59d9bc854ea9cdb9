#pragma once
/// \file
/// Needs LibTorch (its headers and library); not part of azula.hpp. at::Tensor, which is torch::Tensor.

// The first of them: before LibTorch 2.1 clang finds a vector of an incomplete type in the others.
#include <ATen/core/ivalue.h>

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>
