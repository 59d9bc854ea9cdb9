#pragma once
/// \file
/// Samplers and time grids by the names that they have in ComfyUI, diffusers and stable-diffusion.cpp.
///
/// Each system has a table with one line per name: the equivalent in azula, or the reason why there is none.
/// docs/names.md, written by bench/names.cpp, shows the tables.

#include "azula/interop/names/comfy_sampler.hpp"
#include "azula/interop/names/comfy_times.hpp"
#include "azula/interop/names/diffusers_sampler.hpp"
#include "azula/interop/names/sdcpp_sampler.hpp"
#include "azula/interop/names/sdcpp_times.hpp"
