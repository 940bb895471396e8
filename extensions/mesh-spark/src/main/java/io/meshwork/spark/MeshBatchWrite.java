package io.meshwork.spark;

import io.meshwork.engine.EnginePublish;
import io.meshwork.publish.PublishReceipt;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.DataWriterFactory;
import org.apache.spark.sql.connector.write.PhysicalWriteInfo;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A job whose tasks check and write the rows of one publish. Not thread-safe. */
final class MeshBatchWrite implements BatchWrite {
  private static final Logger LOG = LoggerFactory.getLogger(MeshBatchWrite.class);

  private final EnginePublish publish;
  private final StructType columns;
  private final Map<String, String> options;

  MeshBatchWrite(EnginePublish publish, StructType columns, Map<String, String> options) {
    this.publish = publish;
    this.columns = columns;
    this.options = Map.copyOf(options);
  }

  @Override
  public DataWriterFactory createBatchWriterFactory(PhysicalWriteInfo info) {
    return publish.earlier().isPresent()
        ? new SkippedRows()
        : new CheckedRows(publish.settings(), columns, MeshSpark.hasMappings(options));
  }

  @Override
  public void commit(WriterCommitMessage[] messages) {
    PublishReceipt receipt =
        publish
            .earlier()
            .orElseGet(() -> publish.commit(results(messages), MeshBatchWrite::runTasks));
    MeshSpark.committed(options, receipt);
    LOG.info("{}", receipt);
  }

  /** Runs a Spark job with a task for each piece of work. */
  private static List<Serializable> runTasks(List<? extends Serializable> work) {
    List<SentObject> sent = new ArrayList<>();
    work.forEach(each -> sent.add(new SentObject(each)));
    return results(
        new JavaSparkContext(SparkContext.getOrCreate())
            .parallelize(sent, sent.size())
            .map(MeshBatchWrite::run)
            .collect()
            .toArray(WriterCommitMessage[]::new));
  }

  private static SentObject run(SentObject work) {
    return new SentObject(
        EnginePublish.run(Objects.requireNonNull(work.get()), TaskContext.get().taskAttemptId()));
  }

  @Override
  public void abort(WriterCommitMessage[] messages) {
    publish.abort(results(messages));
  }

  private static List<Serializable> results(WriterCommitMessage[] messages) {
    // Spark passes null for tasks that sent nothing, and a task without a result sends no object.
    return new ArrayList<>(
        Arrays.stream(messages)
            .filter(Objects::nonNull)
            .map(message -> ((SentObject) message).get())
            .filter(Objects::nonNull)
            .toList());
  }

  /**
   * Tasks that check and write their rows.
   *
   * @param hasMappings true if rows of other major versions are mapped from the rows
   */
  private record CheckedRows(Serializable settings, StructType columns, boolean hasMappings)
      implements DataWriterFactory {
    @Override
    public DataWriter<InternalRow> createWriter(int partition, long task) {
      EnginePublish.Task rows = EnginePublish.task(settings, partition, task);
      SparkRows values = new SparkRows(columns, hasMappings);
      return new DataWriter<>() {
        @Override
        public void write(InternalRow row) {
          rows.add(values.of(row));
        }

        @Override
        public WriterCommitMessage commit() {
          return new SentObject(rows.finish());
        }

        @Override
        public void abort() {
          rows.close();
        }

        @Override
        public void close() {
          rows.close();
        }
      };
    }
  }

  /** Tasks of a job whose key was used: its rows are published. */
  private record SkippedRows() implements DataWriterFactory {
    @Override
    public DataWriter<InternalRow> createWriter(int partition, long task) {
      return new DataWriter<>() {
        @Override
        public void write(InternalRow row) {}

        @Override
        public WriterCommitMessage commit() {
          return new SentObject(null);
        }

        @Override
        public void abort() {}

        @Override
        public void close() {}
      };
    }
  }
}
