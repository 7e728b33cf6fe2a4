/* The parts of a report on a KPI. */
#ifndef DONUT_CLI_INFO_KPI_H
#define DONUT_CLI_INFO_KPI_H

#include "cli/info_columns.h"
#include "cli/info_diagnosis.h"
#include "cli/info_json.h"

/* The command that trains it, for the shell, without a line end; fit for a terminal. */
void donut_info_command(const struct donut_info *info, const struct donut_diagnosis *diagnosis,
                        struct donut_text *text);

void donut_info_kpi_json(const struct donut_info *info, const struct donut_diagnosis *diagnosis,
                         const struct donut_info_columns *columns, struct donut_text *text);

/* The members that a KPI of a fleet has, too. */
void donut_info_kpi_members(const struct donut_diagnosis *diagnosis, struct donut_json *json);

void donut_info_warnings_json(const struct donut_diagnosis *diagnosis, struct donut_json *json);

#endif
