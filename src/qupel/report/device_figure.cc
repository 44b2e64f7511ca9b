#include "qupel/base/error.h"
#include "qupel/report/device_pictures.h"
#include "qupel/report/html.h"
#include "qupel/study/device_map.h"

namespace qupel::report {
namespace {

// The report's look of the same marks, in colours that stand on light and on dark pages.
constexpr std::string_view device_figure_style = R"(<device_figure_style>
.qupel-device { margin: 0; font: 14px system-ui, sans-serif; }
.qupel-device .plot { width: 100%; max-width: 620px; }
.qupel-device .legend { display: flex; flex-wrap: wrap; gap: 4px 20px; font-size: 13px; }
.qupel-device .icon { width: 1.8em; height: 1.2em; vertical-align: -.3em; }
.qupel-device .coupling { stroke: #948a78; stroke-width: 1.6; fill: none; }
.qupel-device .error-2 { stroke: #b0742c; stroke-width: 3; }
.qupel-device .error-3 { stroke: #c4602f; stroke-width: 4.6; }
.qupel-device .error-4 { stroke: #d0342c; stroke-width: 6.4; }
.qupel-device .many { stroke-width: .7; stroke-opacity: .6; }
.qupel-device .dead { stroke: #8d8d8d; stroke-dasharray: 1.5 4; }
.qupel-device .qubit { fill: #fcfbf8; stroke: #62656a; stroke-width: 1.5; }
</device_figure_style>
)";

}  // namespace

std::string device_figure(const Device& device) {
  DeviceVerdict shown;
  shown.device = device.name;
  shown.map = map_of(device);
  const auto picture = device_map(shown, nullptr);
  if (picture.empty()) throw InputError("the device " + device.name + " has too many qubits for a picture");
  return std::string(device_figure_style) + element("div", "class=\"qupel-device\"", picture);
}

}  // namespace qupel::report
