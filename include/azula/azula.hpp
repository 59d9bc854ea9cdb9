#pragma once
/// \file
/// Everything that depends on Eigen alone.

#include "azula/denoise.hpp"
#include "azula/guide.hpp"
#include "azula/method.hpp"
#include "azula/noise.hpp"
#include "azula/plan.hpp"
#include "azula/random.hpp"
#include "azula/sample.hpp"
#include "azula/time.hpp"
