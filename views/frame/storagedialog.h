// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

class QPlainTextEdit;

namespace pilothouse {

class TelemetryStore;

/// What of the stored telemetry could not be read or kept, a sentence a line.
class StorageDialog : public QDialog {
    Q_OBJECT

public:
    StorageDialog(const TelemetryStore *store, QWidget *parent);

private:
    void refresh();
    const TelemetryStore *m_store;
    QPlainTextEdit *m_text;
};

} // namespace pilothouse
