#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "qupel/device/device.h"

// What a job takes of a device's time, and of somebody's money.
namespace qupel {

/// Circuits that are alike, as a device and its vendor count them.
struct Workload {
  double duration = 0;                ///< microseconds of one execution, without readout
  long circuits = 1;                  ///< submitted
  long shots = 1;                     ///< of each
  long one_qubit = 0, two_qubit = 0;  ///< operations in each that are no change of frame
  long measured = 0;                  ///< qubits, in each
  bool mitigated = false;             ///< error mitigation by the vendor is asked for
};

/// Seconds on the device's clock: shots x (circuit + readout + reset + repetition delay) for each circuit,
/// and the overhead of each job of `circuits_per_job` circuits. Readout is the slowest live qubit's.
double device_seconds(const Workload& work, const Device& device);
/// The same of one circuit. @param duration microseconds
double device_seconds(double duration, long shots, const Device& device);

struct Cost {
  double amount = 0;
  std::string currency = {}, vendor = {}, plan = {}, date = {};  ///< date: of the price
};

/// For each circuit the sum of the price's parts, at least its minimum.
/// @param seconds on the device's clock, of the whole workload
Cost cost(const Workload& work, double seconds, const Price& price);
/// On a device at one of its prices. @throws InputError as price_of
Cost cost(const Workload& work, const Device& device, std::string_view plan = "");

/// Total cost of a model that is trained once and predicts every day, on a device or on classical machines
/// (price_book()). @throws InputError for two currencies, or negative numbers
Cost cost_of_ownership(const Cost& training, const Cost& prediction, double predictions_a_day, double days);

/// The price of a device by its plan or vendor ("" : its first). @throws InputError naming the nearest plan,
/// or saying that nobody sells time on it
const Price& price_of(const Device& device, std::string_view plan = "");

/// A price for all devices of a name, or, with an asterisk at the end, that begin like it.
struct BookEntry {
  std::string devices = {};
  Price price = {};
};
/// Prices as vendors published them (device/prices.json). Devices "gpu-h100", "gpu-h200" and "cpu" are what
/// classical computing costs: an hour of the accelerator, or of a virtual core.
const std::vector<BookEntry>& price_book();
/// Those for the device of that name, in the book's order.
std::vector<Price> book_prices(std::string_view device);
/// The same; for a device of which the book knows no name, those of vendors that sell their own devices by
/// the second or by the gate, if it is theirs.
std::vector<Price> book_prices(const Device& device);

/// A price with fields changed: "per_shot=0.01, per_task=0, currency=EUR"; fields as in device files.
/// @throws InputError naming the nearest field, the value that is no number of 0 or more, or the currency
Price with_changes(Price price, std::string_view changes);

struct Money {
  double amount = 0;
  std::string currency = {};
};
/// "500USD", "500 USD" or "500" (dollars). @throws InputError for no amount, or an unknown currency
Money parse_money(std::string_view text);
/// @throws InputError naming the nearest: ISO codes of the common currencies, and HQC (Quantinuum's credits)
void require_currency(std::string_view code);
/// Whether it can be paid from the budget. @throws InputError for another currency than the budget's, since
/// nothing here knows rates of exchange
bool affordable(const Cost& cost, const Money& budget);

}  // namespace qupel
