package io.meshwork.internal.quality;

import io.meshwork.internal.uniqueness.KeyIntervals;
import io.meshwork.internal.uniqueness.UniqueKeys.RowsInFiles;
import java.util.Map;

/**
 * The keys of the rows that a part of a publish published.
 *
 * @param rows number of rows
 * @param decided false if a row breaks a rule that tolerates some
 * @param intervals where the keys are in each uniqueness rule by its ID; none if other rules need
 *     the rows, too
 * @param files the rows
 */
public record PartKeys(
    long rows, boolean decided, Map<String, KeyIntervals> intervals, RowsInFiles files) {}
