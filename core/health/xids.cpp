// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/health/xids.h"

#include <QtGlobal>

#include <algorithm>
#include <iterator>

namespace pilothouse {

using enum HealthVerdict;

static constexpr XidMeaning table[] = {
    {13, Watch,
        QT_TRANSLATE_NOOP("health",
            "A program made the graphics engine fail: an access out of its bounds. Look at the "
            "program first; on several GPUs with different programs, at the card.")},
    {31, Watch,
        QT_TRANSLATE_NOOP("health",
            "A program used memory that is not its own (MMU fault). Look at the program first.")},
    {32, Watch,
        QT_TRANSLATE_NOOP("health",
            "A corrupted command reached the GPU over PCIe. If it comes again, look at the slot "
            "and the riser.")},
    {38, Watch,
        QT_TRANSLATE_NOOP(
            "health", "The driver's firmware failed. If it comes again, update the driver.")},
    {43, Watch,
        QT_TRANSLATE_NOOP("health",
            "A program stopped responding and its channel was reset. Look at the program.")},
    {45, Watch,
        QT_TRANSLATE_NOOP("health",
            "A program's channel was torn down after another error or when it was killed.")},
    {48, Reboot,
        QT_TRANSLATE_NOOP("health",
            "An error of two bits in the GPU's memory, which cannot be corrected. Jobs on it are "
            "lost; drain it and reset the GPU.")},
    {61, Reboot,
        QT_TRANSLATE_NOOP("health", "The GPU's internal controller stopped. Reset the GPU.")},
    {62, Reboot,
        QT_TRANSLATE_NOOP("health", "The GPU's internal controller halted. Reset the GPU.")},
    {63, Watch,
        QT_TRANSLATE_NOOP(
            "health", "A bad row of memory was noted and is replaced at the next reset.")},
    {64, Replace,
        QT_TRANSLATE_NOOP("health",
            "A bad row of memory could not be replaced: the spare rows may be used up. Have the "
            "card replaced.")},
    {69, Watch,
        QT_TRANSLATE_NOOP(
            "health", "A program made the graphics engine fail. Look at the program first.")},
    {74, Reboot,
        QT_TRANSLATE_NOOP("health",
            "An NVLink connection failed. Reset the GPUs on both ends; if it comes again, look at "
            "the bridge or the switch.")},
    {79, Reboot,
        QT_TRANSLATE_NOOP("health",
            "The GPU has fallen off the bus. The host must be restarted; if it comes again, look "
            "at power, heat and the slot, and have the card replaced.")},
    {92, Watch,
        QT_TRANSLATE_NOOP("health",
            "Many single-bit errors in the GPU's memory. They are corrected; watch whether they "
            "grow.")},
    {94, Watch,
        QT_TRANSLATE_NOOP("health",
            "An uncorrectable memory error was contained: only the program that used it has "
            "ended.")},
    {95, Reboot,
        QT_TRANSLATE_NOOP("health",
            "An uncorrectable memory error could not be contained. All programs on the GPU are "
            "lost; reset it.")},
    {109, Reboot,
        QT_TRANSLATE_NOOP(
            "health", "The GPU could not switch between programs in time. Reset the GPU.")},
    {119, Reboot,
        QT_TRANSLATE_NOOP("health",
            "The GPU's system processor does not answer the driver. Reset the GPU; update the "
            "driver if it comes again.")},
    {120, Reboot, QT_TRANSLATE_NOOP("health", "The GPU's system processor failed. Reset the GPU.")},
    {121, Watch,
        QT_TRANSLATE_NOOP("health", "The link between CPU and GPU (C2C) corrected an error.")},
    {136, Reboot,
        QT_TRANSLATE_NOOP("health", "The GPU's links could not be trained. Reset the GPU.")},
    {140, Reboot,
        QT_TRANSLATE_NOOP("health",
            "An uncorrectable error in the GPU's memory stopped all work on it. Reset the GPU.")},
    {143, Reboot, QT_TRANSLATE_NOOP("health", "The GPU could not be initialised. Reset the GPU.")},
};
static constexpr XidMeaning unlisted{0, Watch,
    QT_TRANSLATE_NOOP("health",
        "The driver reports an error that this program has no explanation for. NVIDIA's list of "
        "XIDs tells more.")};

XidMeaning xidMeaning(int number)
{
    const auto *place = std::find_if(std::begin(table), std::end(table),
        [number](const XidMeaning &one) { return one.number == number; });
    auto meaning = place == std::end(table) ? unlisted : *place;
    meaning.number = number;
    return meaning;
}

} // namespace pilothouse
