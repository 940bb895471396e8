package io.meshwork.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.contract.OnViolation;
import io.meshwork.publish.Publish;
import io.meshwork.publish.PublishReceipt;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Publishes files to a product. */
@Command(name = "publish", description = "Publishes the rows of files as one snapshot.")
final class PublishVerb extends MeshVerb {
  @Parameters(index = "0", paramLabel = "PRODUCT")
  private String product;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "FILE",
      description = ".csv, .jsonl, .avro, or .parquet; - is standard input")
  private List<String> files;

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description = "Idempotency key: the same key publishes once")
  private @Nullable String key;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      defaultValue = "append",
      description = "append, replace-all, replace-partitions, or replace-where")
  private String mode;

  @Option(names = "--where", paramLabel = "FILTER", description = "For --mode replace-where")
  private @Nullable String where;

  @Option(
      names = "--complete-up-to",
      paramLabel = "TIME",
      description = "All rows with an earlier event time are published")
  private @Nullable String completeUpTo;

  @Option(
      names = "--derived-from",
      paramLabel = "PRODUCT[@SNAPSHOT][:COLUMN=INPUT,…]",
      description = "An input of these rows")
  private @Nullable List<String> inputs;

  @Option(names = "--major", paramLabel = "N", description = "Default: the current version")
  private @Nullable Integer major;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "csv, tsv, jsonl, avro, or parquet; default: the file's")
  private @Nullable String format;

  @Option(
      names = "--on-violation",
      paramLabel = "POLICY",
      description = "reject or quarantine; default: the contract's")
  private @Nullable OnViolation onViolation;

  @Override
  VerbAnswer answer(MeshClient client) {
    try (PublishedFiles published = PublishedFiles.of(files, format, shell().in())) {
      return publish(client, published.addTo(client.publish(product)));
    }
  }

  private VerbAnswer publish(MeshClient client, Publish<?> publish) {
    setMode(publish);
    if (key != null) {
      publish.idempotencyKey(key);
    }
    if (completeUpTo != null) {
      publish.completeUpTo(OptionTexts.time(completeUpTo));
    }
    if (major != null) {
      publish.majorVersion(major);
    }
    if (onViolation != null) {
      publish.onViolation(onViolation);
    }
    for (String input : inputs == null ? List.<String>of() : inputs) {
      DerivedInput.parse(input).addTo(publish, client);
    }
    if (shell().terminal()) {
      ProgressLine progress = new ProgressLine(shell().err());
      publish.onProgress(progress);
      try {
        return published(publish.commit());
      } finally {
        progress.end();
      }
    }
    return published(publish.commit());
  }

  private void setMode(Publish<?> publish) {
    switch (mode) {
      case "append" -> {}
      case "replace-all" -> publish.replacingAll();
      case "replace-partitions" -> publish.replacingPartitions();
      case "replace-where" -> {
        if (where == null) {
          throw new UsageException("Mode replace-where requires --where FILTER.");
        }
        publish.replacingWhere(where);
      }
      default ->
          throw new UsageException(
              "Mode '"
                  + mode
                  + "' is not append, replace-all, replace-partitions, or"
                  + " replace-where.");
    }
    if (where != null && !mode.equals("replace-where")) {
      throw new UsageException("Option --where requires --mode replace-where.");
    }
  }

  private static VerbAnswer published(PublishReceipt receipt) {
    ObjectNode document = VerbAnswer.newDocument(receipt.replayed() ? "replayed" : "published");
    document.put("product", receipt.product().toString());
    document.put("contractVersion", receipt.contractVersion().toString());
    document.put("major", receipt.major());
    JsonFields.put(document, "snapshotId", receipt.snapshotId());
    document.put("rows", receipt.rowsAccepted());
    document.put("publishId", receipt.publishId());
    if (receipt.keyWasGiven()) {
      document.put("idempotencyKey", receipt.idempotencyKey());
    }
    document.put("mode", receipt.mode().text());
    document.put("committedAt", receipt.committedAt().toString());
    ObjectNode violations = document.putObject("violations");
    for (Map.Entry<String, Long> rule : receipt.failingRowsByRule().entrySet()) {
      violations.put(rule.getKey(), rule.getValue());
    }
    return VerbAnswer.change(
        document,
        receipt.rowsAccepted()
            + " rows are published to "
            + receipt.product()
            + (receipt.replayed() ? ", with the same key before." : "."));
  }

  @Override
  boolean isChange() {
    return true;
  }
}
