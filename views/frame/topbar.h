// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/pages/page.h"

class QPushButton;

namespace pilothouse {

class SegmentedControl;
class TagLabel;
class TextLabel;

/// Mark, workspace, palette field, time range, pause.
class TopBar : public QWidget {
    Q_OBJECT

public:
    TopBar(TargetFeed *feed, TimeRange *range, QWidget *parent = nullptr);

Q_SIGNALS:
    void paletteWanted();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void refresh();
    TargetFeed *m_feed;
    TimeRange *m_range;
    TextLabel *m_facts;
    TagLabel *m_simulated;
    SegmentedControl *m_spans;
    QPushButton *m_live;
};

} // namespace pilothouse
