#pragma once
/// \file
/// The engine: samplers and runs, adaptive step sizes, and likelihoods.

#include "azula/sample/adaptive_sampler.hpp"
#include "azula/sample/likelihood.hpp"
#include "azula/sample/names.hpp"
#include "azula/sample/run.hpp"
#include "azula/sample/sampler.hpp"
#include "azula/sample/sampler_options.hpp"
