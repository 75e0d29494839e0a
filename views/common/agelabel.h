// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/common/textlabel.h"

class QTimer;

namespace pilothouse {

/// The age of a moment, kept true while it is visible (once a second, then once a minute).
class AgeLabel : public TextLabel {
    Q_OBJECT

public:
    enum class Form { Plain, Ago };
    explicit AgeLabel(Form form = Form::Plain, QWidget *parent = nullptr);
    void setTime(qint64 unixMs); ///< 0 hides the text

    /// Clock of all ages; pictures and tests fix it.
    static qint64 now();
    static void fixNow(qint64 unixMs); ///< 0 = the real clock again

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void refresh();
    Form m_form;
    qint64 m_time = 0;
    QTimer *m_timer;
};

} // namespace pilothouse
