#pragma once
/// \file
/// All random sources: counter-based normal noise with the same bits on every machine, Brownian paths built on the same
/// counters, standard engines such as std::mt19937_64, and recorded noise.

#include "azula/random/brownian_source.hpp"
#include "azula/random/clock.hpp"
#include "azula/random/draw.hpp"
#include "azula/random/engine_source.hpp"
#include "azula/random/normal_source.hpp"
#include "azula/random/replay_source.hpp"
