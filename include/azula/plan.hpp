#pragma once
/// \file
/// What a sampler computes before it sees any data: the time grid, the stages, and a text table of the stages.
/// To read such a table back, include plan/read_stages.hpp.

#include "azula/plan/plan.hpp"
#include "azula/plan/stage.hpp"
#include "azula/plan/stage_table.hpp"
#include "azula/plan/step_info.hpp"
#include "azula/plan/time_grid.hpp"
