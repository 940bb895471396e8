package io.meshwork.cli.internal.data;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.cli.internal.file.ColumnOptions;
import io.meshwork.cli.internal.file.DerivedInput;
import io.meshwork.cli.internal.file.FilterText;
import io.meshwork.cli.internal.file.PublishedFiles;
import io.meshwork.cli.internal.file.TextOptions;
import io.meshwork.cli.internal.shell.CommandShell;
import io.meshwork.cli.internal.shell.OptionTexts;
import io.meshwork.cli.internal.shell.ShellWord;
import io.meshwork.cli.internal.shell.StandardInput;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshException;
import io.meshwork.publish.Publish;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What to publish, and how: the files and options of {@code publish} and {@code stage}. */
final class PublishOptions {
  @Parameters(index = "0", paramLabel = "PRODUCT")
  private String product;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "FILE",
      description = ".csv, .jsonl, .avro, or .parquet, text also as .gz; - is standard input")
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
      description = "append, replace-all, replace-partitions, or replace-where. Default: append")
  private String mode;

  @Option(
      names = "--where",
      paramLabel = "FILTER",
      description = "Which rows --mode replace-where replaces, such as \"day = DATE '2026-11-20'\"")
  private @Nullable FilterText where;

  @Option(
      names = "--complete-up-to",
      paramLabel = "TIME",
      description = "All rows with an earlier event time are published")
  private @Nullable String completeUpTo;

  @Option(
      names = "--derived-from",
      paramLabel = "PRODUCT[@SNAPSHOT][:COLUMN=INPUT,…]",
      description = "A product that the rows derive from, for lineage; repeatable")
  private @Nullable List<String> inputs;

  @Option(
      names = "--major",
      paramLabel = "N",
      description = "The major version. Default: the current one")
  private @Nullable Integer major;

  @Mixin private OtherVersionOptions versions;

  @Option(
      names = "--allow-empty",
      description = "Allows a replacement without new rows, which removes the old ones")
  private boolean allowEmpty;

  @Option(names = "--verify-replay", description = "Rejects a key that was used for other rows")
  private boolean verifyReplay;

  @Option(
      names = "--ignore-unknown-columns",
      description = "Leaves out columns that the contract lacks")
  private boolean ignoreUnknown;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      description = "Gives up after this time, such as 90s, 15m, or 2h. Default: never")
  private @Nullable String timeout;

  @Mixin private ColumnOptions columns;

  @Mixin private TextOptions text;

  @Option(
      names = "--on-violation",
      paramLabel = "POLICY",
      description = "reject or quarantine bad rows. Default: as the contract says")
  private @Nullable OnViolation onViolation;

  String product() {
    return product;
  }

  /**
   * Prepares the publish, and does the rest while its files are there.
   *
   * @param act commits or stages it, with about how many rows there are if a person watches
   */
  VerbAnswer with(
      MeshClient client, CommandShell shell, BiFunction<Publish<?>, OptionalLong, VerbAnswer> act) {
    InputStream in = shell.in();
    if (where != null
        && where.fromStandardInput()
        && files.stream().anyMatch(StandardInput::isNamed)) {
      throw new UsageException("Standard input has the filter or the rows, not both.");
    }
    try (PublishedFiles published = PublishedFiles.of(files, text, in)) {
      Publish.Files<GenericRecord> publish = published.addTo(client.publish(product));
      Integer offered = versions.contractOf(major);
      versions
          .alsoTo()
          .forEach(
              target -> publish.alsoTo(target.major(), target.ofRecords(client, product, offered)));
      versions.addTo(publish);
      columns.addTo(publish, client, product, offered);
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
      if (allowEmpty) {
        publish.allowEmpty();
      }
      if (verifyReplay) {
        publish.verifyReplay();
      }
      if (ignoreUnknown) {
        publish.ignoreUnknownColumns();
      }
      if (timeout != null) {
        publish.timeout(OptionTexts.duration(timeout));
      }
      if (onViolation != null) {
        publish.onViolation(onViolation);
      }
      for (String input : inputs == null ? List.<String>of() : inputs) {
        DerivedInput.parse(input).addTo(publish, client);
      }
      VerbAnswer answer =
          act.apply(publish, shell.progress() ? published.estimatedRows() : OptionalLong.empty());
      return withReadAs(answer, published.readAs(publish.readAs()));
    }
  }

  /** Says how a column that the contract lacks becomes one of the product. */
  List<String> adviceOn(MeshException error) {
    boolean unknown =
        error.findings().stream().anyMatch(each -> each.code() == FindingCode.UNKNOWN_COLUMN);
    if (!unknown || files.stream().anyMatch(file -> file.endsWith(".avro"))) {
      return List.of();
    }
    String contract = product.substring(product.indexOf('/') + 1) + "-next.odcs.yaml";
    return List.of(
        "To make it an optional column of the product:",
        "  mesh product propose "
            + ShellWord.of(files.get(0))
            + " --product "
            + product
            + " --to "
            + contract,
        "  mesh product amend " + product + " --contract " + contract);
  }

  private static VerbAnswer withReadAs(VerbAnswer answer, Map<String, String> readAs) {
    if (readAs.isEmpty()) {
      return answer;
    }
    ObjectNode document = answer.document().deepCopy();
    ObjectNode node = document.putObject("readAs");
    List<String> lines = new ArrayList<>();
    readAs.forEach(
        (file, form) -> {
          node.put(file, form);
          lines.add(
              (file.equals(StandardInput.NAME) ? StandardInput.described("-") : file)
                  + " is read as "
                  + form
                  + ".");
        });
    lines.addAll(answer.lines());
    return new VerbAnswer(document, lines, answer.change(), answer.exitCode());
  }

  private void setMode(Publish<?> publish) {
    switch (mode) {
      case "append" -> {}
      case "replace-all" -> publish.replaceAll();
      case "replace-partitions" -> publish.replacePartitions();
      case "replace-where" -> {
        if (where == null) {
          throw new UsageException("Mode replace-where requires --where FILTER.");
        }
        publish.replaceWhere(where.text());
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
}
