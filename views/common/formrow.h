// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace pilothouse {

class TextLabel;

/// A control under its name, with a hint or what is wrong below it.
class FormRow : public QWidget {
    Q_OBJECT

public:
    FormRow(
        const QString &name, QWidget *control, const QString &hint = {}, QWidget *parent = nullptr);
    void setProblem(const QString &problem); ///< empty = fine: the hint again

private:
    TextLabel *m_below;
    QString m_hint;
};

/// Name and value beside each other, in an inspector; the value can be selected.
class InspectorField : public QWidget {
    Q_OBJECT

public:
    explicit InspectorField(const QString &name, QWidget *parent = nullptr, bool mono = false);
    void setValue(const QString &value, const QString &why = {}); ///< empty = "–" with `why`

private:
    TextLabel *m_value;
    QString m_name;
};

} // namespace pilothouse
