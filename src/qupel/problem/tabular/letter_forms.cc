#include "qupel/problem/tabular/letter_forms.h"

#include <algorithm>

#include "qupel/base/code_points.h"

namespace qupel {
namespace {

/// A combining mark, and letters each followed by the one code point that stands for it with the mark.
struct Composed {
  char32_t mark;
  std::u32string_view pairs;
};

/// The canonical decompositions of Latin, Greek and Cyrillic letters (Unicode 15).
constexpr Composed composed[] = {
    {0x0300, U"AÀEÈIÌOÒUÙaàeèiìoòuùÜǛüǜNǸnǹЕЀИЍеѐиѝĒḔēḕŌṐōṑWẀwẁÂẦâầĂẰăằÊỀêềÔỒôồƠỜơờƯỪưừYỲyỳ"},
    {0x0301,
     U"AÁEÉIÍOÓUÚYÝaáeéiíoóuúyýCĆcćLĹlĺNŃnńRŔrŕSŚsśZŹzźÜǗüǘGǴgǵÅǺåǻÆǼæǽØǾøǿ̈̈́¨΅ΑΆΕΈΗΉΙΊΟΌΥΎ"
     U"ΩΏϊΐαάεέηήιίϋΰοόυύωώϒϓГЃКЌгѓкќÇḈçḉĒḖēḗÏḮïḯKḰkḱMḾmḿÕṌõṍŌṒōṓPṔpṕŨṸũṹWẂwẃÂẤâấĂẮăắÊẾêếÔỐ"
     U"ôốƠỚơớƯỨưứ"},
    {0x0302, U"AÂEÊIÎOÔUÛaâeêiîoôuûCĈcĉGĜgĝHĤhĥJĴjĵSŜsŝWŴwŵYŶyŷZẐzẑẠẬạậẸỆẹệỌỘọộ"},
    {0x0303, U"AÃNÑOÕaãnñoõIĨiĩUŨuũVṼvṽÂẪâẫĂẴăẵEẼeẽÊỄêễÔỖôỗƠỠơỡƯỮưữYỸyỹ"},
    {0x0304, U"AĀaāEĒeēIĪiīOŌoōUŪuūÜǕüǖÄǞäǟȦǠȧǡÆǢæǣǪǬǫǭÖȪöȫÕȬõȭȮȰȯȱYȲyȳИӢиӣУӮуӯGḠgḡḶḸḷḹṚṜṛṝ"},
    {0x0306, U"AĂaăEĔeĕGĞgğIĬiĭOŎoŏUŬuŭУЎИЙийуўЖӁжӂАӐаӑЕӖеӗȨḜȩḝẠẶạặ"},
    {0x0307,
     U"CĊcċEĖeėGĠgġIİZŻzżAȦaȧOȮoȯBḂbḃDḊdḋFḞfḟHḢhḣMṀmṁNṄnṅPṖpṗRṘrṙSṠsṡŚṤśṥŠṦšṧṢṨṣṩTṪtṫWẆwẇXẊ"
     U"xẋYẎyẏſẛ"},
    {0x0308,
     U"AÄEËIÏOÖUÜaäeëiïoöuüyÿYŸΙΪΥΫιϊυϋϒϔЕЁІЇеёіїАӒаӓӘӚәӛЖӜжӝЗӞзӟИӤиӥОӦоӧӨӪөӫЭӬэӭУӰуӱЧӴчӵЫӸ"
     U"ыӹHḦhḧÕṎõṏŪṺūṻWẄwẅXẌxẍtẗ"},
    {0x0309, U"AẢaảÂẨâẩĂẲăẳEẺeẻÊỂêểIỈiỉOỎoỏÔỔôổƠỞơởUỦuủƯỬưửYỶyỷ"},
    {0x030a, U"AÅaåUŮuůwẘyẙ"},
    {0x030b, U"OŐoőUŰuűУӲуӳ"},
    {0x030c, U"CČcčDĎdďEĚeěLĽlľNŇnňRŘrřSŠsšTŤtťZŽzžAǍaǎIǏiǐOǑoǒUǓuǔÜǙüǚGǦgǧKǨkǩƷǮʒǯjǰHȞhȟ"},
    {0x030f, U"AȀaȁEȄeȅIȈiȉOȌoȍRȐrȑUȔuȕѴѶѵѷ"},
    {0x0311, U"AȂaȃEȆeȇIȊiȋOȎoȏRȒrȓUȖuȗ"},
    {0x031b, U"OƠoơUƯuư"},
    {0x0323, U"BḄbḅDḌdḍHḤhḥKḲkḳLḶlḷMṂmṃNṆnṇRṚrṛSṢsṣTṬtṭVṾvṿWẈwẉZẒzẓAẠaạEẸeẹIỊiịOỌoọƠỢơợUỤuụƯỰưựYỴyỵ"},
    {0x0324, U"UṲuṳ"},
    {0x0325, U"AḀaḁ"},
    {0x0326, U"SȘsșTȚtț"},
    {0x0327, U"CÇcçGĢgģKĶkķLĻlļNŅnņRŖrŗSŞsşTŢtţEȨeȩDḐdḑHḨhḩ"},
    {0x0328, U"AĄaąEĘeęIĮiįUŲuųOǪoǫ"},
    {0x032d, U"DḒdḓEḘeḙLḼlḽNṊnṋTṰtṱUṶuṷ"},
    {0x032e, U"HḪhḫ"},
    {0x0330, U"EḚeḛIḬiḭUṴuṵ"},
    {0x0331, U"BḆbḇDḎdḏKḴkḵLḺlḻNṈnṉRṞrṟTṮtṯZẔzẕhẖ"},
};

/// The letter and its mark; nothing added if the code point is no composed letter.
void append_decomposed(std::u32string& text, char32_t point) {
  if (point < 0xc0 || point >= 0x1f00) {
    text += point;
    return;
  }
  for (const auto& [mark, pairs] : composed)
    for (std::size_t i = 0; i < pairs.size(); i += 2)
      if (pairs[i + 1] == point) {
        append_decomposed(text, pairs[i]);
        text += mark;
        return;
      }
  text += point;
}

char32_t small_letter(char32_t c) {
  const auto within = [c](char32_t from, char32_t to) { return c >= from && c <= to; };
  if (within('A', 'Z') || (within(0xc0, 0xde) && c != 0xd7)) return c + 32;
  if (within(0x391, 0x3a9) || within(0x410, 0x42f)) return c + 32;
  if (within(0x400, 0x40f)) return c + 80;
  if (within(0x100, 0x137) || within(0x14a, 0x177) || within(0x460, 0x481) || within(0x48a, 0x4bf))
    return c | 1;
  if (within(0x139, 0x148)) return c % 2 == 1 ? c + 1 : c;
  return c == 0x3c2 ? 0x3c3 : c;  // the final sigma
}

/// Letters of other alphabets, each followed by the Latin one that looks the same.
constexpr std::u32string_view look_alikes =
    U"АAВBЕEКKМMНHОOРPСCТTУYХXІIЈJЅSаaеeоoрpсcуyхxіiјjѕsһhԁdԛqԝw"
    U"ΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXοoνvıi";

}  // namespace

std::u32string folded(std::string_view text) {
  std::u32string result;
  while (!text.empty()) {
    auto point = take_code_point(text);
    if (is_invisible(point)) continue;
    if (point >= 0xff01 && point <= 0xff5e) point -= 0xff01 - '!';  // full-width ASCII
    if (is_space(point)) point = ' ';
    if (point == 0xdf || point == 0x1e9e) {
      result += U"ss";
      continue;
    }
    append_decomposed(result, point);
  }
  return result;
}

std::u32string in_lower_case(std::u32string text) {
  std::ranges::transform(text, text.begin(), [](char32_t c) { return small_letter(c); });
  return text;
}

std::u32string in_latin(std::u32string text) {
  for (auto& c : text)
    for (std::size_t i = 0; i < look_alikes.size(); i += 2)
      if (look_alikes[i] == c) c = look_alikes[i + 1];
  return text;
}

}  // namespace qupel
