#pragma once
/// \file
/// All noise schedules: they map a time t in [0, 1] to the signal scale α_t and the noise scale σ_t.

#include "azula/noise/betas.hpp"
#include "azula/noise/clean_time.hpp"
#include "azula/noise/cosine_schedule.hpp"
#include "azula/noise/decay_schedule.hpp"
#include "azula/noise/discrete_schedule.hpp"
#include "azula/noise/edm_schedule.hpp"
#include "azula/noise/exploding_schedule.hpp"
#include "azula/noise/rectified_schedule.hpp"
#include "azula/noise/scales.hpp"
#include "azula/noise/shifted_rectified_schedule.hpp"
#include "azula/noise/song_vp_schedule.hpp"
#include "azula/noise/time_interval.hpp"
#include "azula/noise/ve_schedule.hpp"
#include "azula/noise/vp_schedule.hpp"
