// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/types/stage.h"

#include <QCoreApplication>

#include <array>

namespace pilothouse {

QString stageTitle(Stage stage)
{
    static constexpr std::array titles{QT_TRANSLATE_NOOP("stage", "Resolve configuration"),
        QT_TRANSLATE_NOOP("stage", "Jump host"), QT_TRANSLATE_NOOP("stage", "Name and TCP"),
        QT_TRANSLATE_NOOP("stage", "Banner"), QT_TRANSLATE_NOOP("stage", "Host key"),
        QT_TRANSLATE_NOOP("stage", "Authentication"), QT_TRANSLATE_NOOP("stage", "Shell"),
        QT_TRANSLATE_NOOP("stage", "Platform"), QT_TRANSLATE_NOOP("stage", "Agent"),
        QT_TRANSLATE_NOOP("stage", "Handshake"), QT_TRANSLATE_NOOP("stage", "First sample")};
    return QCoreApplication::translate("stage", titles[std::size_t(stage)]);
}

QString stageId(Stage stage)
{
    static constexpr std::array ids{"resolve", "jump_host", "tcp", "banner", "host_key",
        "authentication", "shell", "platform", "agent", "handshake", "first_sample"};
    return QString::fromLatin1(ids[std::size_t(stage)]);
}

} // namespace pilothouse
