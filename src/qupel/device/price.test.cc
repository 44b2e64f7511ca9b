#include "qupel/device/price.h"

#include <gmock/gmock.h>

#include "qupel/base/error.h"

namespace qupel {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

template <typename Work>
std::string price_refusal(Work work) {
  try {
    work();
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(Price, QuantinuumsCredits) {
  const auto price = book_prices("quantinuum-h2").at(0);
  const auto found = cost({.shots = 1000, .one_qubit = 50, .two_qubit = 20, .measured = 20}, 0, price);
  EXPECT_NEAR(found.amount, 75, 1e-9);  // 5 + C (N1 + 10 N2 + 5 Nm)/5000
  EXPECT_EQ(found.currency, "HQC");
}

TEST(Price, BraketsTasksAndShots) {
  const auto found = cost({.shots = 1000}, 0, book_prices("ionq-forte").at(0));
  EXPECT_NEAR(found.amount, 80.30, 1e-9);
  EXPECT_EQ(found.vendor, "Amazon Braket");
  EXPECT_FALSE(found.date.empty());
  EXPECT_NEAR(cost({.circuits = 3, .shots = 1000}, 0, book_prices("ionq-forte").at(0)).amount, 3 * 80.30,
              1e-9);
}

TEST(Price, AzuresMinimumIsPaidForEachCircuit) {
  const auto aria = device("ionq-aria");
  const auto amount = [&](Workload work) { return cost(work, aria, "Azure Quantum").amount; };
  EXPECT_NEAR(amount({.shots = 100, .one_qubit = 10, .two_qubit = 5}), 12.4166, 1e-9);
  EXPECT_NEAR(amount({.circuits = 2, .shots = 100, .one_qubit = 10, .two_qubit = 5}), 24.8332, 1e-9);
  EXPECT_NEAR(amount({.shots = 100, .one_qubit = 10, .two_qubit = 5, .mitigated = true}), 97.50, 1e-9);
  EXPECT_NEAR(amount({.shots = 10000, .one_qubit = 100, .two_qubit = 50}),
              1e4 * (100 * .00022 + 50 * .000975), 1e-9);
}

TEST(Price, IbmsSeconds) {
  const auto sherbrooke = device("ibm-sherbrooke");
  // 4000 x (100 + 1.216 + reset + 250) us + 2 s
  const double expected = 4000 * (100 + 1.216 + sherbrooke.reset_time + 250) * 1e-6 + 2;
  EXPECT_NEAR(device_seconds(100, 4000, sherbrooke), expected, 1e-3);
  EXPECT_NEAR(cost({.duration = 100, .shots = 4000}, sherbrooke).amount, 1.60 * expected, 2e-3);
  EXPECT_NEAR(device_seconds({.duration = 100, .circuits = 300, .shots = 4000}, sherbrooke),
              300 * (expected - 2) + 2, 0.5)
      << "300 circuits are one job";
  EXPECT_NEAR(device_seconds({.duration = 100, .circuits = 301, .shots = 4000}, sherbrooke),
              301 * (expected - 2) + 4, 0.5);
}

TEST(Price, ClassicalHours) {
  EXPECT_NEAR(cost({}, 3600, book_prices("gpu-h200").at(0)).amount, 7.91, 1e-9);
  EXPECT_NEAR(cost({}, 7200, book_prices("cpu").at(0)).amount, 0.085, 1e-9);
  EXPECT_THAT(book_prices("gpu-h100"), SizeIs(2));
}

TEST(Price, AnImportedDeviceHasItsVendorsPrice) {
  const auto plans = [](const Device& device) { return book_prices(device).size(); };
  EXPECT_EQ(plans({.name = "mine", .vendor = "IBM"}), 1u);
  EXPECT_EQ(plans({.name = "mine", .vendor = "Google"}), 0u);
  EXPECT_EQ(plans({.name = "ionq-aria", .vendor = "IonQ"}), 2u);
}

TEST(Price, OfOwningAModel) {
  const Cost training{.amount = 100, .currency = "USD"}, prediction{.amount = 0.01, .currency = "USD"};
  EXPECT_NEAR(cost_of_ownership(training, prediction, 1000, 365).amount, 100 + 3650, 1e-9);
  const Cost credits{.amount = 1, .currency = "HQC"};
  EXPECT_THAT(price_refusal([&] { cost_of_ownership(training, credits, 1, 1); }),
              HasSubstr("in one currency"));
  EXPECT_THAT(price_refusal([&] { cost_of_ownership(training, prediction, -1, 1); }), HasSubstr("negative"));
}

TEST(Price, EveryOneCanBeChanged) {
  const auto price = with_changes(book_prices("ionq-forte").at(0), "per_shot=0.01, currency = EUR,plan=mine");
  EXPECT_EQ(price.per_shot, 0.01);
  EXPECT_EQ(price.per_task, 0.30);
  EXPECT_EQ(price.currency, "EUR");
  EXPECT_EQ(price.plan, "mine");
  EXPECT_NEAR(with_changes(book_prices("ibm-kyiv").at(0), "per_hour=3600").per_second, 1, 1e-12);
}

TEST(Price, StandsInBracketsAfterADevicesName) {
  const auto price = [](std::string_view name) { return device(name).prices.at(0); };
  EXPECT_EQ(price("ionq-aria[Azure Quantum]").minimum, 12.4166);
  EXPECT_EQ(price("ionq-aria[on demand, per_task=0]").per_task, 0);
  EXPECT_EQ(price("ionq-aria[on demand, per_task=0]").per_shot, 0.03);
  EXPECT_NEAR(price("ibm_torino[per_hour=3600, currency=EUR]").per_second, 1, 1e-12);
  EXPECT_EQ(price("ibm_torino[per_hour=3600, currency=EUR]").currency, "EUR");
  EXPECT_EQ(price("line(3, two-qubit=0.01)[per_shot=0.5]").per_shot, 0.5);
  EXPECT_EQ(device("ibm-torino[per_second=1]").name, "ibm-torino");
  EXPECT_EQ(price("ibm-torino[]").per_second, device("ibm-torino").prices.at(0).per_second);
  EXPECT_THAT(price_refusal([] { device("ionq-aria[gold]"); }), HasSubstr("\"gold\" is no plan or vendor"));
  EXPECT_THAT(price_refusal([] { device("line(3)[gold]"); }), HasSubstr("no price is known"));
  EXPECT_THAT(price_refusal([] { device("ionq-aria[per_shoot=1]"); }),
              HasSubstr("did you mean \"per_shot\"?"));
}

TEST(Price, RefusalsNameWhatIsThere) {
  const auto aria = device("ionq-aria");
  const auto price = aria.prices.at(0);
  EXPECT_THAT(price_refusal([&] { price_of(aria, "gold"); }),
              HasSubstr("\"gold\" is no plan or vendor of its prices: \"on demand\" (Amazon Braket)"));
  EXPECT_THAT(price_refusal([&] { price_of(device("google-willow")); }),
              HasSubstr("google-willow: no price is known"));
  EXPECT_THAT(price_refusal([] { parse_money("500USX"); }), HasSubstr("\"USX\" is not a currency"));
  EXPECT_THAT(price_refusal([] { parse_money("lots"); }), HasSubstr("\"lots\" is no amount of money"));
  EXPECT_THAT(price_refusal([] { parse_money("-5USD"); }), HasSubstr("\"-5USD\" is no amount of money"));
  EXPECT_THAT(price_refusal([&] { with_changes(price, "per_shoot=1"); }),
              HasSubstr("did you mean \"per_shot\"?"));
  EXPECT_THAT(price_refusal([&] { with_changes(price, "per_shot=-1"); }),
              HasSubstr("per_shot: -1.0 is below 0"));
  EXPECT_THAT(price_refusal([&] { with_changes(price, "per_shot"); }), HasSubstr("is not FIELD=VALUE"));
  EXPECT_THAT(price_refusal([&] { with_changes(price, "currency=USX"); }), HasSubstr("is not a currency"));
  EXPECT_THAT(price_refusal([&] {
                affordable(cost({}, 0, price), {500, "EUR"});
              }),
              HasSubstr("state the budget in USD"));
  EXPECT_THAT(price_refusal([&] { cost({.shots = 0}, aria); }), HasSubstr("shots = 0"));
}

TEST(Price, MoneyIsRead) {
  EXPECT_EQ(parse_money("500USD").amount, 500);
  EXPECT_EQ(parse_money("2.5 EUR").currency, "EUR");
  EXPECT_EQ(parse_money("70").currency, "USD");
  EXPECT_TRUE(affordable({.amount = 1, .currency = "USD"}, parse_money("1USD")));
  EXPECT_FALSE(affordable({.amount = 2, .currency = "USD"}, parse_money("1USD")));
}

}  // namespace
}  // namespace qupel
