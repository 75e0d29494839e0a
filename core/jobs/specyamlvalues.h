// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Private to core/jobs
#pragma once

#include "core/types/jobspec.h"
#include "core/yaml/yamlnode.h"

#include <optional>

namespace pilothouse {

/// Something that is wrong with one value of a SPEC.yaml.
struct SpecComplaint {
    qsizetype at; ///< byte offset in the text
    QString message;
};
using SpecComplaints = std::optional<SpecComplaint>; ///< nothing = it was taken

SpecComplaint aboutSpec(const YamlNode &node, const QString &message);

// Each takes one value into a spec.
SpecComplaints takeText(const YamlNode &node, QString &to);
SpecComplaints takeNumber(const YamlNode &node, int &to);
SpecComplaints takeWords(const YamlNode &node, QStringList &to);
SpecComplaints takeBytes(const YamlNode &node, QByteArray &to);
SpecComplaints takeCommand(const YamlNode &node, JobSpec &spec);
SpecComplaints takeEntrypoint(const YamlNode &node, JobSpec &spec);
SpecComplaints takeMemory(const YamlNode &node, JobSpec &spec);
SpecComplaints takeTime(const YamlNode &node, JobSpec &spec);
SpecComplaints takeEnvironment(const YamlNode &node, JobSpec &spec);
SpecComplaints takeSecrets(const YamlNode &node, JobSpec &spec);
SpecComplaints takeAfter(const YamlNode &node, JobSpec &spec);
SpecComplaints takeEngineTexts(const YamlNode &node, JobSpec &spec);

} // namespace pilothouse
