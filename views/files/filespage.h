// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/types/fileinfo.h"
#include "views/files/copyplan.h"
#include "views/pages/page.h"

#include <stop_token>

class QStackedLayout;
class QTableView;

namespace pilothouse {

class CopyQuestion;
class EmptyState;
class FileModel;
class FileTools;
class TextLabel;
class TransferList;

/// The files of a connected target: one folder at a time, copying either way, copying paths.
/// A lost link leaves what was read, with its age.
class FilesPage : public TargetPage, public Subjects {
    Q_OBJECT

public:
    FilesPage(const PageContext &context, const QString &target);
    QList<QWidget *> headerActions() override;
    void refresh(const TargetStatus &status) override;

    QList<ActRequest> selection() const override { return {}; } ///< copying asks for a place first
    void showSubject(const QString &folder) override;

    QString path() const { return m_path; }
    /// Copies files and folders of this machine into the folder; says first what is replaced.
    void upload(const QStringList &localPaths);
    /// Copies what is selected to `folder` of this machine. No file is replaced: names are made
    /// free. A folder that is there is filled up, after saying what is replaced in it.
    void downloadTo(const QString &folder);

Q_SIGNALS:
    void listed(const QString &path); ///< a folder was read, or could not be

protected:
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    void open(const QString &path, const QString &select = {});
    void took(const QString &path, const QString &select, const Result<QList<FileInfo>> &files);
    void activate();
    void settle();
    void settleEmpty();
    QList<FileInfo> selected() const;
    void askDownload();
    void askUpload();
    void askUploadFolder();
    /// Looks what is there, asks when something would be lost, and copies. `where`: into what.
    void plan(QList<CopyItem> items, bool upload, const QString &where);
    void closeQuestion();
    void copy(const QList<CopyItem> &items, bool upload);
    void copyPaths();
    void contextMenu(const QPoint &at);
    ActRequest copyRequest(const QString &remote, const QString &local, bool folder = false) const;
    QString whyNot(const char *act) const; ///< empty = it can be done

    PageContext m_context;
    QString m_target, m_path, m_home;
    FileTools *m_tools;
    FileModel *m_model;
    QTableView *m_table;
    EmptyState *m_empty;
    QStackedLayout *m_stack;
    TransferList *m_transfers;
    CopyQuestion *m_question = nullptr; ///< "notes.txt will be replaced"
    std::stop_source m_planning;
    TextLabel *m_note;
    std::optional<Error> m_error;
    qint64 m_listedAt = 0;
    int m_asked = 0; ///< counts requests: only the newest answer counts
    bool m_connected = false;
};

} // namespace pilothouse
