// All kernels that make nothing but noise: see compile.cmake.
#include "azula/interop/cuda_state.cuh"

template <class T>
void fill(azula::CudaState<T>& x, azula::CudaSource& source) {
  azula::cuda_fill_noise(x.data(), x.shape(), source.next(x.shape()), x.stream());
}

template void fill(azula::CudaState<float>&, azula::CudaSource&);
template void fill(azula::CudaState<double>&, azula::CudaSource&);
template void fill(azula::CudaState<__half>&, azula::CudaSource&);
template void fill(azula::CudaState<__nv_bfloat16>&, azula::CudaSource&);
