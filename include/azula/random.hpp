#pragma once
/// \file
/// Random sources: counter-based normal noise with portable bits, Brownian paths on the same counters,
/// standard engines, recorded noise.

#include "azula/random/brownian_source.hpp"
#include "azula/random/clock.hpp"
#include "azula/random/draw.hpp"
#include "azula/random/engine_source.hpp"
#include "azula/random/normal_source.hpp"
#include "azula/random/replay_source.hpp"
