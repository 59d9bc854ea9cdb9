#pragma once
/// \file
/// Grids of times.

#include "azula/time/karras_times.hpp"
#include "azula/time/linear_times.hpp"
#include "azula/time/log_snr_times.hpp"
