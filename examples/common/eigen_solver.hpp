#pragma once
/// \file
/// The eigenvalues that FullCovarianceOf<double> asks for take Eigen seconds to compile: once is enough for all examples and tests.

#include <Eigen/Eigenvalues>

extern template Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>&
Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>::compute(const Eigen::EigenBase<Eigen::MatrixXd>&, int);
