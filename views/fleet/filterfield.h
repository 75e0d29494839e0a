// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/filter.h"

#include <QLineEdit>

class QCompleter;
class QStandardItemModel;

namespace pilothouse {

/// A line for the filter language: offers what may come next, underlines what is wrong and says it.
/// A filter that does not parse changes nothing: the last good one stays; nor does a word that may
/// become a field's name, while it is being typed.
class FilterField : public QLineEdit {
    Q_OBJECT

public:
    using Values = std::function<QStringList(int column)>;
    FilterField(FilterFields fields, Values valuesOf, QWidget *parent = nullptr);

    const FilterFields &fields() const { return m_fields; }
    std::optional<FilterError> error() const { return m_error; }
    QAbstractItemModel *offered() const; ///< what the list below shows now
    QString applied() const { return filterText(m_last, m_fields); } ///< what holds now

Q_SIGNALS:
    void filterChanged(const pilothouse::FilterNode &filter);
    void problemChanged(const QString &sentence); ///< empty = fine
    void left(); ///< Escape on an empty line

protected:
    bool event(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    void parse();
    void finish(); ///< nothing more is typed for now
    bool isTyping() const;
    void offer();
    void insert(const QString &text);
    void underline();

    FilterFields m_fields;
    Values m_valuesOf;
    QCompleter *m_completer;
    QStandardItemModel *m_offered;
    FilterOptions m_options;
    std::optional<FilterError> m_error;
    FilterNode m_last;
    bool m_edited = false; ///< what is there was just typed
};

} // namespace pilothouse
