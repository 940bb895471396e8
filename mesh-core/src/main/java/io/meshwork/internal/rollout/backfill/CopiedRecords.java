package io.meshwork.internal.rollout.backfill;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.copies.ScannedInput;
import io.meshwork.internal.ingest.RowInput;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.majors.ColumnMap;
import io.meshwork.internal.majors.ColumnMap.Direction;
import io.meshwork.internal.materializers.RowMaterializer;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.retirement.TransitionContext;
import io.meshwork.internal.rows.RecordShredders;
import io.meshwork.internal.scan.SnapshotScan;
import io.meshwork.internal.vector.VectorBatch;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * How the rows of a data file become rows of another major version: of the new one of a rollout, or
 * with a reversed context, of the old one.
 */
interface CopiedRecords {
  /**
   * The rows of a file of one major version as the other one has them.
   *
   * @param exclusion the rows of the file that are not mapped; null for none
   */
  RowInput input(
      TransitionContext context,
      Table from,
      Table to,
      @Nullable RowPredicate exclusion,
      DataFile file,
      SnapshotScan scan);

  /**
   * Checks that all rows can be copied.
   *
   * @throws io.meshwork.error.InvalidRequestException if they need a mapping
   */
  default void check(TransitionContext context, Table from, Table to, MeshAction action) {}

  /** The rollout after such rows were committed. */
  default RolloutEntry committed(TransitionContext context) {
    return context.rollout().withMapping();
  }

  /** Adds to a transaction with such rows whether they are mapped. */
  default void stage(TransitionContext context, CommitDraft<?> draft) {
    RolloutEntry next = committed(context);
    if (next.equals(context.rollout())) {
      draft.check(context.stored());
    } else {
      draft.replace(context.stored(), next.toDocument(Optional.of(context.stored())));
    }
  }

  /**
   * By a mapping of the producer.
   *
   * @param materializers creates the records that the mapping receives
   */
  @SuppressWarnings("unchecked") // the materializer creates the records of the mapping
  static CopiedRecords mapped(
      BiFunction<org.apache.iceberg.Schema, Schema, RowMaterializer<?>> materializers,
      Function<?, ?> mapping) {
    return (context, from, to, exclusion, file, scan) ->
        RowInput.mapped(
            new ScannedInput(
                scan,
                from.schema(),
                materializers.apply(from.schema(), context.from().contract().schema()),
                file.recordCount()),
            (Function<Object, ?>) mapping,
            RecordShredders.forRecords(context.to().contract().schema(), to.schema()),
            to.schema(),
            context.to().version().toString(),
            exclusion,
            true);
  }

  /** By column, for renamings, wider types, and defaults. */
  static CopiedRecords converted() {
    return new CopiedRecords() {
      @Override
      public RowInput input(
          TransitionContext context,
          Table from,
          Table to,
          @Nullable RowPredicate exclusion,
          DataFile file,
          SnapshotScan scan) {
        return RowInput.converted(
            new ScannedInput(
                scan,
                from.schema(),
                (batch, row) -> batch, // not called
                file.recordCount()),
            map(context, from, to).conversion(direction(context), from.schema(), to.schema()),
            VectorBatch.empty(to.schema()),
            exclusion,
            true);
      }

      @Override
      public void check(TransitionContext context, Table from, Table to, MeshAction action) {
        ColumnMap map = map(context, from, to);
        Direction direction = direction(context);
        if (!map.isTotal(direction)) {
          throw Failure.of(action)
              .because(
                  "its rows cannot be converted to version "
                      + context.to().version()
                      + " without a mapping: "
                      + map.gaps(direction).get(0).what())
              .state("Nothing was copied.")
              .fix("Call backFill(type, row -> ..).")
              .findings(map.gaps(direction))
              .invalidRequest(ErrorCode.VERSION_LEFT_OUT);
        }
      }

      @Override
      public RolloutEntry committed(TransitionContext context) {
        return context.rollout();
      }

      private Direction direction(TransitionContext context) {
        return context.isReversed() ? Direction.TO_OLDER : Direction.TO_NEWER;
      }

      private ColumnMap map(TransitionContext context, Table from, Table to) {
        return direction(context) == Direction.TO_NEWER
            ? ColumnMap.of(
                context.from().contract(), from.schema(), context.to().contract(), to.schema())
            : ColumnMap.of(
                context.to().contract(), to.schema(), context.from().contract(), from.schema());
      }
    };
  }
}
