// All kernels of updates, and the rest of what interop/cuda offers: see compile.cmake.
#include "azula/interop/cuda_state.cuh"

#include <array>
#include <span>

template <class T, azula::CudaSums Sums>
void update(const azula::Stage& stage, azula::CudaState<T>& x, azula::CudaState<T>& mean, azula::CudaSource& source) {
  const azula::CudaState<T> before = mean, another = before.alike();
  const std::array<const T*, 2> older{before.data(), another.data()};
  const azula::CudaWatch watch(x.stream());
  azula::cuda_update<Sums>(stage, x.data(), mean.data(), std::span<const T* const>(older), x.shape(),
                           source.next(x.shape()), x.stream(), watch.mark(0));
  azula::cuda_add_noise<Sums>(x.data(), 0.5, x.shape(), source.next(x.shape()), x.stream());
  if (!watch.first_bad()) x.view().read(mean.data());
}

template void update<float, azula::CudaSums::fused>(const azula::Stage&, azula::CudaState<float>&,
                                                    azula::CudaState<float>&, azula::CudaSource&);
template void update<double, azula::CudaSums::separate>(const azula::Stage&, azula::CudaState<double>&,
                                                        azula::CudaState<double>&, azula::CudaSource&);
template void update<__half, azula::CudaSums::fused>(const azula::Stage&, azula::CudaState<__half>&,
                                                     azula::CudaState<__half>&, azula::CudaSource&);
template void update<__nv_bfloat16, azula::CudaSums::fused>(const azula::Stage&, azula::CudaState<__nv_bfloat16>&,
                                                            azula::CudaState<__nv_bfloat16>&, azula::CudaSource&);
