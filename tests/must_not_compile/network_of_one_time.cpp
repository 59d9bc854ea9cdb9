// expect: the network takes one number c for all samples, and each of these has its own time
#include <azula/azula.hpp>

int main() {
  const auto network = [](const Eigen::ArrayXXf& input, double c, Eigen::ArrayXXf& output) { output = float(c) * input; };
  const azula::KarrasDenoiser denoiser(network, azula::VPSchedule{});
  const Eigen::ArrayXXf x = Eigen::ArrayXXf::Zero(3, 2);
  Eigen::ArrayXXf mean(3, 2);
  azula::NetworkWorkspace<Eigen::ArrayXXf> work(x);
  denoiser(x, azula::SampleTimes::Ones(2).eval(), mean, work);
}
