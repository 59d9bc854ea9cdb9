#pragma once
/// \file
/// Sampler types under the class names of the Python package, for code that spells out types: DDIMSampler<D> is
/// Sampler<D, DDIM>.

#include "azula/method.hpp"
#include "azula/sample/sampler.hpp"

namespace azula {

template <class D>
using DDPMSampler = Sampler<D, DDPM>;
template <class D>
using DDIMSampler = Sampler<D, DDIM>;
template <class D>
using EulerSampler = Sampler<D, Euler>;
template <class D>
using HeunSampler = Sampler<D, Heun>;
template <class D>
using ItoSampler = Sampler<D, Ito>;
template <class D, int N = 2>
using zABSampler = Sampler<D, zAB<N>>;
template <class D, int N = 2>
using vABSampler = Sampler<D, vAB<N>>;
template <class D, int N = 2>
using zEABSampler = Sampler<D, zEAB<N>>;
template <class D, int N = 2>
using xEABSampler = Sampler<D, xEAB<N>>;
template <class D, int N = 2>
using REABSampler = Sampler<D, REAB<N>>;
template <class D>
using PCSampler = Sampler<D, PC>;

}  // namespace azula
