// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/health/xids.h"

#include <QtGlobal>

#include <algorithm>
#include <iterator>

namespace pilothouse {

using enum HealthVerdict;

static constexpr XidMeaning table[] = {
    {13, Watch, QT_TRANSLATE_NOOP("health", "graphics engine"),
        QT_TRANSLATE_NOOP(
            "health", "A program made the graphics engine fail: an access out of its bounds."),
        QT_TRANSLATE_NOOP("health",
            "Look at the program first; on several GPUs with different programs, at the card.")},
    {31, Watch, QT_TRANSLATE_NOOP("health", "memory fault of a program"),
        QT_TRANSLATE_NOOP("health", "A program used memory that is not its own (MMU fault)."),
        QT_TRANSLATE_NOOP("health", "Look at the program first.")},
    {32, Watch, QT_TRANSLATE_NOOP("health", "corrupted command"),
        QT_TRANSLATE_NOOP("health", "A corrupted command reached the GPU over PCIe."),
        QT_TRANSLATE_NOOP("health", "If it comes again, look at the slot and the riser.")},
    {38, Watch, QT_TRANSLATE_NOOP("health", "driver firmware"),
        QT_TRANSLATE_NOOP("health", "The driver's firmware failed."),
        QT_TRANSLATE_NOOP("health", "If it comes again, update the driver.")},
    {43, Watch, QT_TRANSLATE_NOOP("health", "program stopped"),
        QT_TRANSLATE_NOOP("health", "A program stopped responding and its channel was reset."),
        QT_TRANSLATE_NOOP("health", "Look at the program.")},
    {45, Watch, QT_TRANSLATE_NOOP("health", "program torn down"),
        QT_TRANSLATE_NOOP("health",
            "A program's channel was torn down after another error or when it was killed."),
        QT_TRANSLATE_NOOP("health", "Look at what came before it.")},
    {48, Reboot, QT_TRANSLATE_NOOP("health", "double-bit memory error"),
        QT_TRANSLATE_NOOP("health",
            "An error of two bits in the GPU's memory, which cannot be corrected. Jobs on it are "
            "lost."),
        QT_TRANSLATE_NOOP("health", "Drain it and reset the GPU.")},
    {61, Reboot, QT_TRANSLATE_NOOP("health", "internal controller stopped"),
        QT_TRANSLATE_NOOP("health", "The GPU's internal controller stopped."),
        QT_TRANSLATE_NOOP("health", "Reset the GPU.")},
    {62, Reboot, QT_TRANSLATE_NOOP("health", "internal controller halted"),
        QT_TRANSLATE_NOOP("health", "The GPU's internal controller halted."),
        QT_TRANSLATE_NOOP("health", "Reset the GPU.")},
    {63, Watch, QT_TRANSLATE_NOOP("health", "memory row noted for repair"),
        QT_TRANSLATE_NOOP(
            "health", "A bad row of memory was noted and is replaced at the next reset."),
        QT_TRANSLATE_NOOP("health", "Reset the GPU when it is free.")},
    {64, Replace, QT_TRANSLATE_NOOP("health", "memory row not repairable"),
        QT_TRANSLATE_NOOP(
            "health", "A bad row of memory could not be replaced: the spare rows may be used up."),
        QT_TRANSLATE_NOOP("health", "Have the card replaced.")},
    {69, Watch, QT_TRANSLATE_NOOP("health", "graphics engine"),
        QT_TRANSLATE_NOOP("health", "A program made the graphics engine fail."),
        QT_TRANSLATE_NOOP("health", "Look at the program first.")},
    {74, Reboot, QT_TRANSLATE_NOOP("health", "NVLink failed"),
        QT_TRANSLATE_NOOP("health", "An NVLink connection failed."),
        QT_TRANSLATE_NOOP("health",
            "Reset the GPUs on both ends; if it comes again, look at the bridge or the switch.")},
    {79, Reboot, QT_TRANSLATE_NOOP("health", "fallen off the bus"),
        QT_TRANSLATE_NOOP(
            "health", "The GPU does not answer on its bus any more. Jobs on it are lost."),
        QT_TRANSLATE_NOOP("health",
            "Restart the host; if it comes again, look at power, heat and the slot, and have the "
            "card replaced.")},
    {92, Watch, QT_TRANSLATE_NOOP("health", "many single-bit errors"),
        QT_TRANSLATE_NOOP(
            "health", "Many single-bit errors in the GPU's memory. They are corrected."),
        QT_TRANSLATE_NOOP("health", "Watch whether they grow.")},
    {94, Watch, QT_TRANSLATE_NOOP("health", "contained memory error"),
        QT_TRANSLATE_NOOP("health",
            "An uncorrectable memory error was contained: only the program that used it has "
            "ended."),
        QT_TRANSLATE_NOOP("health", "Reset the GPU when it is free.")},
    {95, Reboot, QT_TRANSLATE_NOOP("health", "uncontained memory error"),
        QT_TRANSLATE_NOOP("health",
            "An uncorrectable memory error could not be contained. All programs on the GPU are "
            "lost."),
        QT_TRANSLATE_NOOP("health", "Reset the GPU.")},
    {109, Reboot, QT_TRANSLATE_NOOP("health", "context switch"),
        QT_TRANSLATE_NOOP("health", "The GPU could not switch between programs in time."),
        QT_TRANSLATE_NOOP("health", "Reset the GPU.")},
    {119, Reboot, QT_TRANSLATE_NOOP("health", "system processor silent"),
        QT_TRANSLATE_NOOP("health", "The GPU's system processor does not answer the driver."),
        QT_TRANSLATE_NOOP("health", "Reset the GPU; update the driver if it comes again.")},
    {120, Reboot, QT_TRANSLATE_NOOP("health", "system processor failed"),
        QT_TRANSLATE_NOOP("health", "The GPU's system processor failed."),
        QT_TRANSLATE_NOOP("health", "Reset the GPU.")},
    {121, Watch, QT_TRANSLATE_NOOP("health", "link to the CPU"),
        QT_TRANSLATE_NOOP("health", "The link between CPU and GPU (C2C) corrected an error."),
        QT_TRANSLATE_NOOP("health", "Watch whether it comes again.")},
    {136, Reboot, QT_TRANSLATE_NOOP("health", "links not trained"),
        QT_TRANSLATE_NOOP("health", "The GPU's links could not be trained."),
        QT_TRANSLATE_NOOP("health", "Reset the GPU.")},
    {140, Reboot, QT_TRANSLATE_NOOP("health", "uncorrectable memory error"),
        QT_TRANSLATE_NOOP(
            "health", "An uncorrectable error in the GPU's memory stopped all work on it."),
        QT_TRANSLATE_NOOP("health", "Reset the GPU.")},
    {143, Reboot, QT_TRANSLATE_NOOP("health", "not initialised"),
        QT_TRANSLATE_NOOP("health", "The GPU could not be initialised."),
        QT_TRANSLATE_NOOP("health", "Reset the GPU.")},
};
static constexpr XidMeaning unlisted{0, Watch, "",
    QT_TRANSLATE_NOOP(
        "health", "The driver reports an error that this program has no explanation for."),
    QT_TRANSLATE_NOOP("health", "Look it up in NVIDIA's list of XIDs.")};

XidMeaning xidMeaning(int number)
{
    const auto *place = std::find_if(std::begin(table), std::end(table),
        [number](const XidMeaning &one) { return one.number == number; });
    auto meaning = place == std::end(table) ? unlisted : *place;
    meaning.number = number;
    return meaning;
}

} // namespace pilothouse
