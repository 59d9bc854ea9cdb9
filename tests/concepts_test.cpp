/// \file
/// What the contracts of concepts.hpp accept and what they do not. Nothing here runs.

#include "azula/concepts.hpp"

#include <unsupported/Eigen/CXX11/Tensor>

#include <functional>
#include <random>
#include <string>
#include <vector>

#include "azula/azula.hpp"
#include "catch.hpp"

namespace {

using azula::Denoiser;
using azula::FloatState;
using azula::HasSchedule;
using azula::Method;
using azula::Observer;
using azula::RandomSource;
using azula::Schedule;
using azula::State;
using Eigen::ArrayXd;
using Eigen::ArrayXf;
using Eigen::ArrayXXf;

// Schedules
struct FloatScales {
  float alpha, sigma;
};
struct OwnSchedule {
  FloatScales operator()(double t) const { return {1, static_cast<float>(t)}; }
};
struct NoSigma {
  struct Half {
    double alpha;
  };
  Half operator()(double) const { return {1}; }
};
struct ChangesItself {
  azula::Scales operator()(double) { return {1, 1}; }
};
static_assert(Schedule<azula::VESchedule> && Schedule<azula::VPSchedule> && Schedule<azula::CosineSchedule>);
static_assert(Schedule<azula::RectifiedSchedule> && Schedule<azula::DecaySchedule>);
static_assert(Schedule<OwnSchedule> && Schedule<azula::Scales (*)(double)>);
static_assert(!Schedule<NoSigma> && !Schedule<ChangesItself> && !Schedule<int> &&
              !Schedule<double (*)(double)>);

// States
static_assert(State<ArrayXd> && State<Eigen::MatrixXf> && State<Eigen::Vector3d> &&
              State<Eigen::RowVectorXd>);
static_assert(State<Eigen::Map<ArrayXf>> && State<Eigen::Map<const ArrayXf>> && State<Eigen::Ref<ArrayXf>>);
static_assert(State<Eigen::Tensor<float, 4>> && State<Eigen::Tensor<double, 1, Eigen::RowMajor>>);
static_assert(State<Eigen::TensorMap<Eigen::Tensor<float, 2>>> &&
              State<Eigen::TensorMap<const Eigen::Tensor<float, 2>>>);
static_assert(State<decltype(std::declval<ArrayXd>() + 1.0)> &&
              State<decltype(std::declval<ArrayXd&>().head(2))>);
static_assert(State<const ArrayXd&> && State<ArrayXd&&>);
static_assert(FloatState<ArrayXf> && FloatState<Eigen::Map<const Eigen::ArrayXXd>> &&
              FloatState<Eigen::ArrayX<Eigen::half>> && FloatState<Eigen::Tensor<double, 3>&>);
static_assert(State<Eigen::ArrayXXi> && !FloatState<Eigen::ArrayXXi> && !FloatState<Eigen::Tensor<bool, 2>> &&
              !FloatState<Eigen::ArrayXXcf> && !FloatState<std::vector<float>>);
static_assert(!State<std::vector<double>> && !State<double> && !State<double*> && !State<std::string>);
static_assert(std::is_same_v<azula::state_t<Eigen::Map<ArrayXf>>, Eigen::Map<ArrayXf>>);
static_assert(std::is_same_v<azula::state_t<Eigen::Map<const ArrayXf>>, ArrayXf>);
static_assert(std::is_same_v<azula::state_t<Eigen::Ref<ArrayXf>>, ArrayXf>);
static_assert(
    std::is_same_v<azula::plain_t<Eigen::TensorMap<Eigen::Tensor<float, 2>>>, Eigen::Tensor<float, 2>>);
static_assert(std::is_same_v<azula::scalar_t<const ArrayXf&>, float>);

// Denoisers
struct WithSchedule {
  azula::VPSchedule vp{};
  const azula::VPSchedule& schedule() const { return vp; }
};
struct Returns : WithSchedule {
  ArrayXf operator()(const ArrayXf& x, double) const { return x; }
};
struct ReturnsPosterior : WithSchedule {
  azula::DiracPosterior<ArrayXf> operator()(const ArrayXf& x, double) const { return {x}; }
};
struct Writes : WithSchedule {
  void operator()(const ArrayXf& x, double, ArrayXf& mean) const { mean = x; }
};
struct WritesWithScratch : WithSchedule {
  void operator()(const ArrayXf& x, double, ArrayXf& mean, ArrayXf&) const { mean = x; }
};
struct ReturnsText : WithSchedule {
  std::string operator()(const ArrayXf&, double) const { return {}; }
};
struct NotConst : WithSchedule {
  ArrayXf operator()(const ArrayXf& x, double) { return x; }
};
struct ReturnsDoubles : WithSchedule {
  ArrayXd operator()(const ArrayXf& x, double) const { return x.cast<double>(); }
};
struct ReturnsExpression : WithSchedule {
  auto operator()(const ArrayXf& x, double) const { return 0.5f * x; }
};
struct ScheduleByValue {
  azula::VPSchedule schedule() const { return {}; }
  ArrayXf operator()(const ArrayXf& x, double) const { return x; }
};
struct NoSchedule {
  ArrayXf operator()(const ArrayXf& x, double) const { return x; }
};
static_assert(Denoiser<Returns, ArrayXf> && Denoiser<ReturnsPosterior, ArrayXf> && Denoiser<Writes, ArrayXf>);
static_assert(Denoiser<WritesWithScratch, ArrayXf> &&
              Denoiser<std::reference_wrapper<const Returns>, ArrayXf>);
static_assert(Denoiser<std::reference_wrapper<Writes>, ArrayXf>);
static_assert(
    Denoiser<azula::GaussianDenoiser<azula::DiagonalCovariance, OwnSchedule>, Eigen::Tensor<float, 3>>);
static_assert(Denoiser<azula::MixtureDenoiser<OwnSchedule>, Eigen::Map<ArrayXXf>>);
static_assert(!Denoiser<Returns, Eigen::Tensor<float, 1>> && !Denoiser<Writes, ArrayXd> &&
              !Denoiser<NoSchedule, ArrayXf>);
static_assert(!Denoiser<WithSchedule, ArrayXf> && !Denoiser<ReturnsText, ArrayXf> &&
              !Denoiser<NotConst, ArrayXf>);
static_assert(Denoiser<ReturnsExpression, ArrayXf> && !Denoiser<ReturnsDoubles, ArrayXf>);
static_assert(Denoiser<std::reference_wrapper<NotConst>, ArrayXf>);  // whoever refers to it may change it
static_assert(azula::NamesSchedule<Writes> && azula::NamesSchedule<ScheduleByValue> && !azula::NamesSchedule<NoSchedule>);
static_assert(!HasSchedule<ScheduleByValue> && !HasSchedule<std::reference_wrapper<const ScheduleByValue>>);
static_assert(HasSchedule<azula::ClampedDenoiser<Returns>> && !HasSchedule<azula::ClampedDenoiser<ScheduleByValue>> &&
              !HasSchedule<azula::GuidedDenoiser<ScheduleByValue, Returns>> &&
              !HasSchedule<azula::BatchedGuidedDenoiser<ScheduleByValue>> &&
              !HasSchedule<azula::MaskedDenoiser<ScheduleByValue>> &&
              !HasSchedule<azula::ThresholdedDenoiser<ScheduleByValue>> &&
              !HasSchedule<azula::SymmetricVJP<ScheduleByValue>> &&
              !HasSchedule<azula::WithVJP<ScheduleByValue, int>> &&
              !HasSchedule<azula::DPSDenoiser<ScheduleByValue, azula::SelectionOperator>> &&
              !HasSchedule<azula::PiGDMDenoiser<ScheduleByValue, azula::SelectionOperator>> &&
              !HasSchedule<azula::MMPSDenoiser<ScheduleByValue, azula::SelectionOperator>>);
static_assert(!HasSchedule<NoSchedule> && !HasSchedule<int> &&
              HasSchedule<std::reference_wrapper<const Writes>>);

// Functions, and what a NetworkDenoiser is made of
struct Counts {
  void operator()(const ArrayXf& x, double, ArrayXf& mean) { mean = x; }
};
using Counting = azula::FunctionDenoiser<Counts, azula::VPSchedule>;
static_assert(!Denoiser<Counting, ArrayXf> && Denoiser<std::reference_wrapper<Counting>, ArrayXf>);
static_assert(azula::Prediction<azula::NoisePrediction> && azula::Prediction<azula::EDMPrediction> &&
              !azula::Prediction<azula::TrainingStep> && !azula::Prediction<int>);
static_assert(azula::NetworkTime<azula::OwnTime, OwnSchedule> && azula::NetworkTime<azula::FlowTime, OwnSchedule> &&
              azula::NetworkTime<azula::TrainingStep, azula::DiscreteSchedule> &&
              !azula::NetworkTime<azula::TrainingStep, azula::VPSchedule> &&
              !azula::NetworkTime<azula::NoisePrediction, azula::VPSchedule>);
struct ByValue {
  void operator()(const ArrayXf&, double, ArrayXf) const {}
};
struct ByRef {
  void operator()(Eigen::Ref<const ArrayXf>, double, Eigen::Ref<ArrayXf>) const {}
};
static_assert(azula::WritesCopy<ByValue, ArrayXf> && !azula::WritesCopy<ByRef, ArrayXf> &&
              !azula::WritesCopy<Writes, ArrayXf> && !azula::WritesCopy<Returns, ArrayXf>);

// Random sources
struct Zeros {
  void fill(Eigen::Map<ArrayXf> out) { out.setZero(); }
};
struct Constant {
  void fill(Eigen::Map<ArrayXf> out) const { out.setOnes(); }
};
struct ZerosAt {
  struct Values {
    void fill(Eigen::Map<ArrayXf> out, std::ptrdiff_t) const { out.setZero(); }
  };
  Values next(const azula::Draw&) { return {}; }
};
static_assert(RandomSource<Zeros, float> && !RandomSource<Zeros, double>);
static_assert(RandomSource<Constant, float> && RandomSource<const Constant, float> &&
              !RandomSource<const Zeros, float>);
static_assert(RandomSource<ZerosAt, float> && azula::AddressedSource<ZerosAt, float>);
static_assert(RandomSource<std::mt19937, float> && RandomSource<std::mt19937_64, double>);
static_assert(!RandomSource<const std::mt19937, float> && !RandomSource<const azula::NormalSource, float>);
static_assert(RandomSource<azula::NormalSource, float> &&
              azula::AddressedSource<azula::NormalSource, double>);
static_assert(RandomSource<azula::ReplaySource<double>, float> &&
              azula::WholeDrawSource<azula::ReplaySource<float>, double>);
static_assert(!RandomSource<int, float> && !RandomSource<std::normal_distribution<float>, float>);

// Methods
struct OwnMethod {
  static constexpr int history = 1;
  std::string name() const { return "own"; }
  void check() const {}
  void append(std::vector<azula::Stage>& stages, const azula::TimeGrid& grid, std::size_t i) const {
    azula::Euler{}.append(stages, grid, i);
  }
};
struct NoHistory {
  std::string name() const { return "none"; }
  void check() const {}
  void append(std::vector<azula::Stage>&, const azula::TimeGrid&, std::size_t) const {}
};
static_assert(Method<azula::DDPM> && Method<azula::DDIM> && Method<azula::Euler> && Method<azula::Heun>);
static_assert(Method<azula::Ito> && Method<azula::PC> && Method<OwnMethod>);
static_assert(Method<azula::zAB<1>> && Method<azula::vAB<8>> && Method<azula::zEAB<>> &&
              Method<azula::xEAB<>> && Method<azula::REAB<>>);
static_assert(azula::zAB<>::history == 2 && azula::xEAB<>::history == 2);
static_assert(!Method<NoHistory> && !Method<int> && !Method<azula::VPSchedule>);

// Observers
using Told = void (*)(const azula::StepInfo&, const ArrayXf&);
using Asked = bool (*)(const azula::StepInfo&, const ArrayXf&);
static_assert(Observer<Told, ArrayXf> && Observer<Asked, ArrayXf>);
static_assert(!Observer<Told, Eigen::Tensor<float, 1>> && !Observer<void (*)(const ArrayXf&), ArrayXf> &&
              !Observer<Zeros, ArrayXf>);

// Times
static_assert(azula::TimeRange<std::vector<double>> && azula::TimeRange<ArrayXd> && azula::TimeRange<double[3]>);
static_assert(!azula::TimeRange<std::string> && !azula::TimeRange<char[7]> && !azula::TimeRange<int>);

// Options are aggregates, and a sampler is a value.
static_assert(std::is_aggregate_v<azula::SamplerOptions> && std::is_aggregate_v<azula::DDIM> &&
              std::is_aggregate_v<azula::VPSchedule>);
static_assert(std::is_copy_constructible_v<azula::Sampler<Returns, azula::Euler>>);
static_assert(std::is_copy_constructible_v<azula::Run<ArrayXf, 3>> &&
              std::is_nothrow_move_constructible_v<azula::Run<ArrayXf, 3>>);

}  // namespace

TEST_CASE("a method of the user's own is one like any other", "[concepts]") {
  const azula::GaussianDenoiser denoiser(0.0, 1.0, OwnSchedule{});
  const Eigen::ArrayXd x = Eigen::ArrayXd::Random(3);
  const Eigen::ArrayXd own = azula::Sampler(denoiser, OwnMethod{}, {.stop = 0.1, .steps = 4})(x);
  REQUIRE((own == azula::Sampler(denoiser, azula::Euler{}, {.stop = 0.1, .steps = 4})(x)).all());
}
