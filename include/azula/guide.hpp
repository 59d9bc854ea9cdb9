#pragma once
/// \file
/// Denoisers that wrap other denoisers: guidance, constraints, and posteriors of inverse problems.

#include "azula/guide/batched_guided_denoiser.hpp"
#include "azula/guide/cfg_plus_plus_weight.hpp"
#include "azula/guide/clamped_denoiser.hpp"
#include "azula/guide/dps_denoiser.hpp"
#include "azula/guide/guided_denoiser.hpp"
#include "azula/guide/kept_noise.hpp"
#include "azula/guide/kept_noise_denoiser.hpp"
#include "azula/guide/linear_operator.hpp"
#include "azula/guide/masked_denoiser.hpp"
#include "azula/guide/mmps_denoiser.hpp"
#include "azula/guide/pigdm_denoiser.hpp"
#include "azula/guide/prefix_weights.hpp"
#include "azula/guide/real_time_chunking.hpp"
#include "azula/guide/symmetric_vjp.hpp"
#include "azula/guide/thresholded_denoiser.hpp"
#include "azula/guide/with_vjp.hpp"
