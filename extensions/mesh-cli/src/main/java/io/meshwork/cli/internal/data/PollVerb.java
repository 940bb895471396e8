package io.meshwork.cli.internal.data;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.cli.ExitCode;
import io.meshwork.cli.internal.file.RowTarget;
import io.meshwork.cli.internal.file.RowTarget.Format;
import io.meshwork.cli.internal.file.RowValues;
import io.meshwork.cli.internal.file.TargetFile;
import io.meshwork.cli.internal.shell.Count;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.OptionTexts;
import io.meshwork.cli.internal.shell.RowCount;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscription;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes what is new to a file. */
@Command(
    name = "poll",
    description = {
      "Writes the next changes of a subscription to a file, and prints the batch to acknowledge.",
      "Until it is acknowledged, every poll returns the same batch. Repeat both until nothing is new."
    },
    exitCodeList = {"99:Nothing is new."})
public final class PollVerb extends MeshVerb {
  @Parameters(paramLabel = "SUBSCRIPTION")
  private String name;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "FILE",
      description = ".csv, .jsonl, or .parquet; - is standard output")
  private String file;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "csv, jsonl, or parquet. Default: as FILE ends; required for -")
  private @Nullable String format;

  @Option(
      names = "--at-most",
      paramLabel = "DURATION",
      description = "Waits so long for changes, such as 90s, 15m, or 2h. Default: does not wait")
  private @Nullable String atMost;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    RowTarget target =
        RowTarget.of(file, format, shell(), Format.CSV, Format.JSONL, Format.PARQUET);
    Duration wait = atMost == null ? Duration.ZERO : OptionTexts.duration(atMost);
    Subscription<Map<String, Object>> subscription = NamedSubscription.open(client, name);
    try (Batch<Map<String, Object>> batch =
        wait.isZero() ? subscription.poll() : subscription.poll(wait)) {
      if (batch.isEmpty()) {
        return VerbAnswer.change(
                VerbAnswer.newDocument("nothing new").put("subscription", name), "Nothing is new.")
            .exiting(ExitCode.NOTHING_NEW);
      }
      long rows =
          target.format() == Format.PARQUET
              ? target.writeParquet(batch::writeParquet)
              : target.write(batch.columns(), batch, OptionalLong.empty());
      ObjectNode document =
          VerbAnswer.newDocument("polled")
              .put("subscription", name)
              .put("product", subscription.product().toString())
              .put("batch", batch.id())
              .put("kind", batch.kind().name())
              .put("rows", rows)
              .put("file", file)
              .put("snapshotId", batch.snapshot().id());
      JsonFields.put(document, "predicate", batch.predicate());
      JsonFields.putMessage(document, "reason", batch.because());
      document.set("partitions", RowValues.json(batch.partitions()));
      String place = hasRowsOnOutput() ? "on standard output" : "in " + file;
      return VerbAnswer.change(
          document,
          RowCount.are(rows)
              + " "
              + place
              + "."
              + replaced(batch)
              + " When "
              + (rows == 1 ? "it is" : "they are")
              + " processed:",
          "mesh ack " + name + " " + batch.id());
    }
  }

  /** Returns which earlier rows a consumer removes before it takes the batch's rows. */
  private static String replaced(Batch<?> batch) {
    String filter = batch.predicate().map(Object::toString).orElse("");
    return switch (batch.kind()) {
      case ADDED -> "";
      case REPLACED ->
          " They replace the earlier rows "
              + (batch.partitions().isEmpty()
                  ? "for which " + filter + "."
                  : "of "
                      + Count.of(
                          batch.partitions().size(),
                          "partition; the answer names it.",
                          "partitions; the answer names them."));
      case ERASED -> " Delete the rows for which " + filter + "; they were erased.";
      case RESET ->
          " They replace all earlier rows of the subscription (RESET"
              + batch.because().map(reason -> ": " + reason).orElse("")
              + ").";
    };
  }

  @Override
  protected String interruption() {
    return "Nothing is acknowledged: run it again, and it returns the same batch. "
        + (hasRowsOnOutput()
            ? "Standard output may have a part of its rows."
            : TargetFile.whenStopped(file));
  }

  @Override
  public boolean hasRowsOnOutput() {
    return RowTarget.isStandardOutput(file);
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
