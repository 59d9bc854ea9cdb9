#pragma once
/// \file
/// All time grids: the functions that choose the times at which a sampler evaluates the denoiser.

#include "azula/time/align_your_steps_times.hpp"
#include "azula/time/beta_times.hpp"
#include "azula/time/clean_end.hpp"
#include "azula/time/cosine_times.hpp"
#include "azula/time/karras_times.hpp"
#include "azula/time/leading_times.hpp"
#include "azula/time/linear_quadratic_times.hpp"
#include "azula/time/linear_times.hpp"
#include "azula/time/linspace_times.hpp"
#include "azula/time/log_snr_times.hpp"
#include "azula/time/logit_normal_times.hpp"
#include "azula/time/polyexponential_times.hpp"
#include "azula/time/quadratic_times.hpp"
#include "azula/time/sigma_times.hpp"
#include "azula/time/trailing_times.hpp"
#include "azula/time/training_times.hpp"
