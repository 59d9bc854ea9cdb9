#pragma once
/// \file
/// The whole library as far as it depends on Eigen alone: one include for most programs.

#include "azula/denoise.hpp"
#include "azula/guide.hpp"
#include "azula/method.hpp"
#include "azula/noise.hpp"
#include "azula/plan.hpp"
#include "azula/random.hpp"
#include "azula/sample.hpp"
#include "azula/time.hpp"
