package io.meshwork.internal.distributed;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ingest.PartCorrection;
import io.meshwork.internal.ingest.PartQuarantine;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Work of a task: quarantines rows that an earlier task published, because of rows of others.
 * Immutable.
 *
 * @param result what the earlier task did
 * @param rows the rows, in each major version
 */
public record TaskCorrection(TaskSettings settings, TaskResult result, List<PartQuarantine> rows)
    implements Serializable {
  public TaskCorrection {
    rows = new ArrayList<>(rows);
  }

  /**
   * Writes the files that have some of the rows again, without them.
   *
   * @param attempt a number that no other attempt of any task of the publish has
   * @return the result without the rows, some of whose files are new
   * @throws io.meshwork.error.MeshException if a file cannot be read or written
   */
  public TaskResult run(long attempt) {
    MeshAction action = MeshAction.of(Verb.PUBLISH, settings.product());
    settings.requirePlace(action);
    return new TaskResult(
        result.partition(),
        PartCorrection.without(
            rows,
            result.parts(),
            settings.targets(),
            settings.files(
                TaskSettings.fileNames(settings.publishId(), result.partition(), attempt) + "-c"),
            settings.context(),
            settings.timeLeft(),
            action));
  }
}
