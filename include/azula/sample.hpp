#pragma once
/// \file
/// The engine: samplers, runs and their tables; adaptive steps; likelihoods.

#include "azula/sample/adaptive_sampler.hpp"
#include "azula/sample/likelihood.hpp"
#include "azula/sample/names.hpp"
#include "azula/sample/run.hpp"
#include "azula/sample/sampler.hpp"
#include "azula/sample/stage_table.hpp"
