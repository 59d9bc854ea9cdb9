#pragma once
/// \file
/// All denoisers: they estimate the clean data from a noisy state, x_t -> E[X | x_t].

#include "azula/denoise/consistency_denoiser.hpp"
#include "azula/denoise/empirical_denoiser.hpp"
#include "azula/denoise/flow_map_denoiser.hpp"
#include "azula/denoise/function_denoiser.hpp"
#include "azula/denoise/gaussian_denoiser.hpp"
#include "azula/denoise/karras_denoiser.hpp"
#include "azula/denoise/mixture_denoiser.hpp"
#include "azula/denoise/network_denoiser.hpp"
#include "azula/denoise/network_time.hpp"
#include "azula/denoise/posterior.hpp"
#include "azula/denoise/prediction.hpp"
#include "azula/denoise/simple_denoiser.hpp"
