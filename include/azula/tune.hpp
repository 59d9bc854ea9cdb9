#pragma once
/// \file
/// Grids and solvers fitted to a model. Not part of azula.hpp: it costs compile time that most programs do
/// not need.

#include "azula/tune/fit_solver.hpp"
#include "azula/tune/tune_times.hpp"
