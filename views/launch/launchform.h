// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/job.h"

#include <QWidget>

class QComboBox;
class QLineEdit;
class QPlainTextEdit;
class QSpinBox;

namespace pilothouse {

class FormRow;
class SegmentedControl;

/// A JobSpec as fields. Says beside a field what is wrong with it.
class LaunchForm : public QWidget {
    Q_OBJECT

public:
    explicit LaunchForm(QWidget *parent = nullptr);
    void setSpec(const JobSpec &spec);
    JobSpec spec() const;
    void setGpus(int most); ///< how many the node has; -1 = unknown
    bool valid() const { return m_valid; }

Q_SIGNALS:
    void changed();

private:
    void check();
    void showKind();

    QComboBox *m_template;
    QLineEdit *m_name, *m_command, *m_interpreter, *m_folder;
    SegmentedControl *m_kind;
    QPlainTextEdit *m_script, *m_environment;
    QSpinBox *m_gpus, *m_minutes;
    FormRow *m_commandRow, *m_scriptRow, *m_interpreterRow, *m_environmentRow;
    QStringList m_gpuUuids;
    bool m_valid = false;
};

} // namespace pilothouse
