// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "scenario.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const callNames[CALLS]
    = {"busy", "memory_busy", "memory_used", "memory_total", "power", "power_limit", "temperature",
        "sm_clock", "memory_clock", "fan", "throttle", "ecc_corrected", "ecc_uncorrected",
        "remapped_correctable", "remapped_uncorrectable", "remap_pending", "remap_failed",
        "pcie_tx", "pcie_rx", "pcie_replays", "pcie_generation", "pcie_width", "energy", "encoder",
        "decoder", "memory_temperature", "nvlink_tx", "nvlink_rx", "nvlink_errors", "sm_active",
        "sm_occupancy", "tensor_active", "dram_active", "handle", "processes"};

static int callOf(const char *name)
{
    for (int i = 0; i < CALLS; ++i) {
        if (name && strcmp(name, callNames[i]) == 0)
            return i;
    }
    return -1;
}

static int number(const char *word, double *value)
{
    char *end = NULL;
    if (!word)
        return 0;
    *value = strtod(word, &end);
    if (end == word)
        return 0;
    if (strcmp(end, "KiB") == 0)
        *value *= 1024.0;
    else if (strcmp(end, "MiB") == 0)
        *value *= 1024.0 * 1024;
    else if (strcmp(end, "GiB") == 0)
        *value *= 1024.0 * 1024 * 1024;
    else if (*end)
        return 0;
    return 1;
}

static int window(char **words, int count, struct window *out)
{
    out->from = 0;
    out->until = HUGE_VAL;
    double seconds = 0;
    if (count > 0 && !number(words[0], &out->from))
        return 0;
    if (count > 1) {
        if (!number(words[1], &seconds))
            return 0;
        out->until = out->from + seconds;
    }
    return count <= 2;
}

static int curve(char **words, int count, struct curve *out)
{
    memset(out, 0, sizeof *out);
    out->shape = CONSTANT;
    int first = 1;
    if (count > 0 && strcmp(words[0], "ramp") == 0)
        out->shape = RAMP;
    else if (count > 0 && strcmp(words[0], "sine") == 0)
        out->shape = SINE;
    else if (count > 0 && strcmp(words[0], "step") == 0)
        out->shape = STEPS;
    else
        first = 0;
    for (int i = first; i < count && out->count < MOST_POINTS; ++i) {
        if (!number(words[i], &out->at[out->count++]))
            return 0;
    }
    if (out->shape == CONSTANT)
        return count == 1;
    if (out->shape == STEPS)
        return out->count % 2 == 1;
    return out->count == 3 && out->at[2] > 0;
}

static int gpuLine(struct gpu *gpu, char **words, int count, const char *rest)
{
    const char *what = words[0];
    if (strcmp(what, "name") == 0 || strcmp(what, "uuid") == 0) {
        snprintf(what[0] == 'n' ? gpu->name : gpu->uuid, MOST_TEXT, "%s", rest);
        return *rest != '\0';
    }
    if (strcmp(what, "lost") == 0)
        return window(words + 1, count - 1, &gpu->lost);
    if (strcmp(what, "hang") == 0) {
        const int call = count > 1 ? callOf(words[1]) : -1;
        return call >= 0 && window(words + 2, count - 2, &gpu->hangs[call]);
    }
    if (strcmp(what, "unsupported") == 0) {
        const int call = count > 1 ? callOf(words[1]) : -1;
        if (call >= 0)
            gpu->unsupported[call] = 1;
        return call >= 0;
    }
    if (strcmp(what, "process") == 0 || strcmp(what, "graphics_process") == 0) {
        double pid = 0, bytes = -1, busy = -1, place = -1;
        if (count < 2 || !number(words[1], &pid) || (count > 2 && !number(words[2], &bytes))
            || (count > 3 && !number(words[3], &busy)) || (count > 4 && !number(words[4], &place))
            || gpu->processCount == MOST_PROCESSES)
            return 0;
        gpu->processes[gpu->processCount].pid = (unsigned)pid;
        gpu->processes[gpu->processCount].bytes = bytes;
        gpu->processes[gpu->processCount].busy = busy;
        gpu->processes[gpu->processCount].instance = (int)place;
        gpu->processes[gpu->processCount++].graphics = what[0] == 'g';
        return 1;
    }
    if (strcmp(what, "mig") == 0) {
        if (gpu->instanceCount == MOST_INSTANCES || count < 4)
            return 0;
        struct instance *one = &gpu->instances[gpu->instanceCount++];
        snprintf(one->uuid, MOST_TEXT, "%s", words[2]);
        snprintf(one->name, MOST_TEXT, "Simulated MIG %s", words[1]);
        return number(words[3], &one->total) && (count < 5 || number(words[4], &one->used));
    }
    if (strcmp(what, "xid") == 0) {
        double code = 0, at = 0;
        if (gpu->xidCount == MOST_XIDS || count < 2 || !number(words[1], &code)
            || (count > 2 && !number(words[2], &at)))
            return 0;
        gpu->xids[gpu->xidCount].at = at;
        gpu->xids[gpu->xidCount++].code = (unsigned)code;
        return 1;
    }
    const int call = callOf(what);
    return call >= 0 && call < VALUES && curve(words + 1, count - 1, &gpu->values[call]);
}

static void constant(struct curve *curve, double value)
{
    memset(curve, 0, sizeof *curve);
    curve->at[0] = value;
    curve->count = 1;
}

static void setDefaults(struct scenario *scenario)
{
    static const struct window never = {-1, -1};
    memset(scenario, 0, sizeof *scenario);
    snprintf(scenario->driver, MOST_TEXT, "550.54.15");
    scenario->gpus = 8;
    scenario->initHangs = never;
    for (int i = 0; i < MOST_GPUS; ++i) {
        struct gpu *gpu = &scenario->gpu[i];
        snprintf(gpu->name, MOST_TEXT, "Simulated NVIDIA H100 80GB HBM3");
        snprintf(gpu->uuid, MOST_TEXT, "GPU-51000000-0000-4000-8000-%012d", i);
        gpu->lost = never;
        for (int call = 0; call < CALLS; ++call)
            gpu->hangs[call] = never;
        constant(&gpu->values[BUSY], 0);
        constant(&gpu->values[MEMORY_BUSY], 0);
        constant(&gpu->values[MEMORY_USED], 512.0 * 1024 * 1024);
        constant(&gpu->values[MEMORY_TOTAL], 80.0 * 1024 * 1024 * 1024);
        constant(&gpu->values[POWER], 70);
        constant(&gpu->values[POWER_LIMIT], 700);
        constant(&gpu->values[TEMPERATURE], 30);
        constant(&gpu->values[SM_CLOCK], 345);
        constant(&gpu->values[MEMORY_CLOCK], 2619);
        constant(&gpu->values[FAN], 0);
        gpu->unsupported[FAN] = 1; // passively cooled
        for (int value = THROTTLE; value < VALUES; ++value)
            constant(&gpu->values[value], 0);
        constant(&gpu->values[PCIE_GENERATION], 5);
        constant(&gpu->values[PCIE_WIDTH], 16);
        constant(&gpu->values[MEMORY_TEMPERATURE], 38);
    }
}

static int parseLine(struct scenario *scenario, char *line)
{
    char copy[512];
    snprintf(copy, sizeof copy, "%s", line);
    char *words[32], *save = NULL;
    int count = 0;
    for (char *word = strtok_r(copy, " \t\r", &save); word && count < 32;
         word = strtok_r(NULL, " \t\r", &save))
        words[count++] = word;
    if (count == 0 || words[0][0] == '#')
        return 1;
    double value = 0;
    if (strcmp(words[0], "driver") == 0 && count == 2)
        return snprintf(scenario->driver, MOST_TEXT, "%s", words[1]) > 0;
    if (strcmp(words[0], "gpus") == 0 && count == 2) {
        if (!number(words[1], &value) || value < 0 || value > MOST_GPUS)
            return 0;
        scenario->gpus = (int)value;
        return 1;
    }
    if (strcmp(words[0], "hang") == 0 && count > 1 && strcmp(words[1], "init") == 0)
        return window(words + 2, count - 2, &scenario->initHangs);
    if (strcmp(words[0], "gpu") != 0 || count < 3)
        return 0;
    const char *rest = line + (words[2] - copy) + strlen(words[2]);
    rest += strspn(rest, " \t");
    if (strcmp(words[1], "*") != 0) {
        if (!number(words[1], &value) || value < 0 || value >= MOST_GPUS)
            return 0;
        return gpuLine(&scenario->gpu[(int)value], words + 2, count - 2, rest);
    }
    for (int i = 0; i < MOST_GPUS; ++i) {
        if (!gpuLine(&scenario->gpu[i], words + 2, count - 2, rest))
            return 0;
    }
    return 1;
}

int parseScenario(const char *text, struct scenario *scenario)
{
    setDefaults(scenario);
    for (int line = 1; *text; ++line) {
        char copy[512];
        const size_t length = strcspn(text, "\n");
        snprintf(copy, sizeof copy, "%.*s", (int)length, text);
        if (!parseLine(scenario, copy))
            return line;
        text += length + (text[length] == '\n');
    }
    return 0;
}

double valueAt(const struct curve *curve, double second)
{
    const double *at = curve->at;
    switch (curve->shape) {
    case RAMP:
        return second >= at[2] ? at[1] : at[0] + (at[1] - at[0]) * second / at[2];
    case SINE:
        return (at[0] + at[1]) / 2
            - (at[1] - at[0]) / 2 * cos(second * 2 * 3.14159265358979 / at[2]);
    case STEPS: {
        double value = at[0];
        for (int i = 1; i + 1 < curve->count; i += 2) {
            if (second >= at[i])
                value = at[i + 1];
        }
        return value;
    }
    default:
        return at[0];
    }
}

int isInside(const struct window *window, double second)
{
    return window->from >= 0 && second >= window->from && second < window->until;
}
