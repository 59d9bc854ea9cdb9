#pragma once
/// \file
/// What a sampler works out before it sees any data: nodes of time, stages, and their table as text. To
/// read one back include plan/read_stages.hpp.

#include "azula/plan/plan.hpp"
#include "azula/plan/stage.hpp"
#include "azula/plan/stage_table.hpp"
#include "azula/plan/step_info.hpp"
#include "azula/plan/time_grid.hpp"
