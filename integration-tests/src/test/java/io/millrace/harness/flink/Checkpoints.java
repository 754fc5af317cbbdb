// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.flink;

import java.util.Optional;

/**
 * What a JobManager knows of a job's checkpoints; counts begin anew with every JobManager.
 *
 * @param completed how many completed, savepoints included
 * @param failed how many failed
 * @param restored how often the job was restored from one
 * @param latestId the latest completed one; 0 before the first
 * @param latestPath where the latest completed one that is no savepoint lies, if it is kept outside
 *     of the JobManager's memory
 */
public record Checkpoints(
    long completed, long failed, long restored, long latestId, Optional<String> latestPath) {}
