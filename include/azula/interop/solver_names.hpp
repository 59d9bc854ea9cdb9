#pragma once
/// \file
/// The samplers and grids of other systems, by the names that they have there: plain tables with a line for each name,
/// what it is here, or why there is no such thing. docs/names.md, written by bench/names.cpp, shows them.

#include "azula/interop/names/comfy_sampler.hpp"
#include "azula/interop/names/comfy_times.hpp"
#include "azula/interop/names/diffusers_sampler.hpp"
#include "azula/interop/names/sdcpp_sampler.hpp"
#include "azula/interop/names/sdcpp_times.hpp"
