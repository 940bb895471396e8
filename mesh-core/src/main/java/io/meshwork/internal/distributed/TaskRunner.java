package io.meshwork.internal.distributed;

import java.util.List;

/** Runs tasks of an engine. */
@FunctionalInterface
public interface TaskRunner {
  /**
   * Runs a task for each correction.
   *
   * @return a result of each
   */
  List<TaskResult> run(List<TaskCorrection> corrections);
}
