#pragma once
/// \file
/// Time grids and solvers that are fitted to a given model. Not part of azula.hpp, because they cost compile time that
/// most programs do not need.

#include "azula/tune/fit_solver.hpp"
#include "azula/tune/tune_times.hpp"
