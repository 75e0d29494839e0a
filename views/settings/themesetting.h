// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/theme/colorscheme.h"

#include <QObject>

namespace pilothouse {

/// Which scheme is wanted: PILOTHOUSE_THEME, else the stored choice, else what the desktop says.
/// What the desktop said last is stored, so that the first frame has the right colours.
class ThemeSetting : public QObject {
    Q_OBJECT

public:
    static ThemeSetting &instance();
    void load(const QString &file); ///< window.ini; nothing is read or written without it
    QString name() const; ///< the stored choice; empty = the desktop's
    void setName(const QString &name);
    Scheme scheme() const;
    void followDesktop(); ///< after the first frame: asks the portal, hears changes

private:
    using QObject::QObject;
    void apply();
    QString m_file;
    DesktopScheme m_desktop;
};

} // namespace pilothouse
