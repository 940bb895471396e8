package io.meshwork.internal.distributed;

import io.meshwork.internal.ingest.IngestedPart;
import java.io.Serializable;

/**
 * What a task did with its rows. Immutable.
 *
 * @param partition the number of the task's part of the rows, from 0; several attempts have the
 *     same
 * @param part what it counted and wrote
 */
public record TaskResult(int partition, IngestedPart part) implements Serializable {}
