package io.meshwork.internal.quality;

import io.meshwork.error.BackendException;
import io.meshwork.internal.condition.RowCondition.References;
import io.meshwork.internal.schema.LeafPath;
import io.meshwork.internal.uniqueness.KnownKeys;
import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.Schema;

/**
 * The keys of another product's rows that a reference rule compares with, from its pinned snapshot.
 * Immutable.
 *
 * @param gap why they cannot be used, as a clause; empty if they can
 * @param name the snapshot and product
 * @param keys the keys; none with a gap
 */
public record ReferencedKeys(String gap, String name, KnownKeys keys) implements Serializable {
  /** The keys where no rule is evaluated. */
  public static final ReferencedKeys NOT_READ = unusable("the keys were not read");

  /** Reads the keys; returns a gap if the rule cannot be evaluated. */
  static ReferencedKeys read(
      References condition, Schema schema, OtherProducts.SnapshotRows others) {
    if (!others.gap().isEmpty()) {
      return unusable(others.gap());
    }
    List<LeafPath> columns = ReferenceEvaluator.paths(schema, condition.columns());
    String gap = ReferenceEvaluator.gap(condition, columns, others);
    if (gap != null) {
      return unusable(gap);
    }
    Set<Integer> fieldIds = new HashSet<>();
    ReferenceEvaluator.paths(others.schema(), condition.otherColumns())
        .forEach(path -> fieldIds.add(path.fieldId()));
    KnownKeys keys = new KnownKeys();
    try {
      others.read(
          fieldIds,
          batch ->
              keys.add(batch, ReferenceEvaluator.paths(batch.schema(), condition.otherColumns())));
    } catch (BackendException e) {
      return unusable(OtherProducts.unread(others, e));
    }
    return keys.isFull()
        ? unusable(
            "the keys of "
                + others.name()
                + " need more than "
                + (KnownKeys.MAX_BYTES >> 20)
                + " MiB of memory")
        : new ReferencedKeys("", others.name(), keys);
  }

  private static ReferencedKeys unusable(String why) {
    return new ReferencedKeys(why, "", new KnownKeys());
  }
}
