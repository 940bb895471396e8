package io.meshwork.internal.distributed;

import io.meshwork.internal.ingest.IngestedPart;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What a task did with its rows. Immutable.
 *
 * @param partition the number of the task's part of the rows, from 0; several attempts have the
 *     same
 * @param parts what it counted and wrote in each major version
 */
public record TaskResult(int partition, List<IngestedPart> parts) implements Serializable {
  public TaskResult {
    parts = new ArrayList<>(parts);
  }

  /** The locations of all its files. */
  List<String> locations() {
    return parts.stream().flatMap(IngestedPart::locations).toList();
  }
}
