// expect: azula: the denoiser takes one time for all samples, and each of these has its own
#include <azula/azula.hpp>
#include <azula/sample/pool.hpp>

int main() { azula::Pool<Eigen::ArrayXXf> pool(azula::GaussianDenoiser(0.0, 1.0, azula::VPSchedule{})); }
